// All pages in one file: shows the one that the address names behind `?at=`, and leads the links
// between pages there. The rest of the query, and what stands behind `#`, belong to the page.
(() => {
  const at = new URLSearchParams(location.search).get("at");
  const pages = [...document.querySelectorAll("template[data-at]")];
  const page = pages.find((page) => page.dataset.at === at) ?? pages[0];
  const { title, runs } = page.dataset;
  document.title = title;
  document.documentElement.lang = page.lang;
  document.body.prepend(document.importNode(page.content, true));
  for (const script of runs?.split(" ") ?? [])
    document.body.append(document.importNode(document.getElementById(script).content, true));

  // The address that the page has in the site: its links start there. A link is rewritten when it
  // is about to be used, as live parts write theirs at any time; and once more when the page has
  // put a query of its own into it.
  const here = new URL(page.dataset.at, "https://site.invalid/");
  const lead = ({ target }) => {
    const link = target.closest("a[href]");
    const href = link?.getAttribute("href") ?? "#";
    if (/^[#?]/.test(href)) return;
    const { origin, pathname, search, hash } = new URL(href, here);
    if (origin !== here.origin) return;
    link.dataset.at = pathname.slice(1);
    link.setAttribute("href", (search || "?") + hash);
  };
  const stay = ({ target }) => {
    const link = target.closest("a[data-at]");
    if (!link) return;
    const url = new URL(link.href);
    url.searchParams.set("at", link.dataset.at);
    link.href = url.href;
  };
  for (const use of ["click", "auxclick", "contextmenu"]) {
    addEventListener(use, lead, true);
    addEventListener(use, stay);
  }
})();

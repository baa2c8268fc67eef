// For whoever reads prose: which chapter is being read, what a term means, commands to copy. The
// page is whole without it.
(() => {
  // The chapter whose beginning was passed last is being read; those before it have been.
  const links = [...document.querySelectorAll(".chapters a")];
  const chapters = links.map((link) => document.getElementById(link.hash.slice(1)));
  const show = () => {
    const passed = chapters.filter((chapter) => chapter.getBoundingClientRect().top < innerHeight / 3).length;
    links.forEach((link, at) => {
      link.toggleAttribute("data-read", at < passed - 1);
      if (at === passed - 1) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  if (links.length) {
    const seen = new IntersectionObserver(show, { rootMargin: "-33% 0px -66%" });
    chapters.forEach((chapter) => seen.observe(chapter));
  }

  // A mouse need not press: resting on a term is enough. A finger does, and so may a mouse: the
  // button itself only ever shows.
  let shown;
  const tip = (term) => document.getElementById(term.getAttribute("popovertarget"));
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const term = event.target.closest(".gloss");
    if (term === shown) return;
    if (shown) tip(shown)?.hidePopover?.();
    shown = term;
    if (term) tip(term)?.showPopover?.({ source: term });
  });

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    const code = button?.parentElement.querySelector("code");
    if (!code) return;
    const { copy: copied, selected } = button.dataset;
    const said = (await copy(code.textContent, () => code)) ? copied : selected;
    button.querySelector("span").textContent = button.ariaLabel = said;
  });
})();

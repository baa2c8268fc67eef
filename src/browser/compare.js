// The two kernels in the address: `#m=` with the link of the left machine, `&with=` with the other
// release. src/compare/opening.rs lists the events by which this and the program talk.
{
  // As many characters as are read of a link.
  const LINK_MAX = 65536;
  // An address is written when nothing has moved for so long, and never more often.
  const QUIET_MS = 600;

  const host = document.querySelector("[data-live=compare]");
  // Whatever stands in an address comes through as it is, and the program says what it can't read.
  const [, link = "", other = ""] = /^#m=([^&]*)(?:&(?:amp;)?with=(.*))?/.exec(location.hash) ?? [];
  [host.dataset.state, host.dataset.other] = [link, other];

  let timer = 0;
  let first = true;
  const write = () => {
    timer = 0;
    const { link, with: other } = host.dataset;
    if (host.inert || !link || link.length > LINK_MAX) return;
    // A frame without an origin may be refused: then its address stays.
    try { history.replaceState(null, "", `#m=${link}&with=${other}`); } catch { /* see above */ }
  };
  host.addEventListener("moved", () => {
    // What the page opens with has its address already, unless that couldn't be read.
    if (first) return void (first = false);
    unnotice("said");
    timer ||= setTimeout(write, QUIET_MS);
  });
  for (const name of ["said", "asks"]) host.addEventListener(name, () => notice(name, host.dataset[name]));
  // Another address is another page.
  addEventListener("hashchange", () => location.reload());

  document.addEventListener("click", ({ target }) => {
    const answer = target.closest("[data-answer]")?.dataset.answer;
    if (answer) {
      unnotice("asks");
      host.dispatchEvent(new Event(answer));
    }
    // What is shown goes with the reader into the other language.
    const language = target.closest(".languages a");
    if (!language) return;
    if (timer) write();
    language.hash = location.hash;
  });
}

// The lab's state in the address, in what this browser remembers, and in what is shared. The
// events by which this script and the lab talk are listed in src/lab/address.rs.

// The state as a link; nothing while the lab is at work or of no use.
const stateOf = (host) => {
  delete host.dataset.link;
  if (!host.inert) host.dispatchEvent(new Event("save"));
  return host.dataset.link;
};

{
  // As many characters as the lab reads of a link.
  const LINK_MAX = 65536;
  // An address is written when nothing has moved for so long.
  const QUIET_MS = 300;
  // Browsers take a hundred changes of the address in half a minute; some throw at the next.
  const CHANGES = 50;
  const CHANGE_MS = 600;

  const host = document.querySelector("[data-live=lab]");
  // In somebody else's page, neither the history nor what is remembered is this page's own.
  const embedded = host.closest(".embed") !== null;
  // What isn't written as a link should be may have suffered on its way: then the lab looks at all
  // of it.
  const asked = () => {
    const { hash } = location;
    const link = /^#m=([\w-]*)$/.exec(hash);
    return link ? link[1] : /^[^\w]*(?:%\w\w|\W)*?(?:m|%6d|%4d|%ef%bd%8d)\W/i.test(hash) ? hash : "";
  };
  const address = (link) => {
    const url = new URL(location);
    url.searchParams.delete("scenario");
    url.hash = `m=${link}`;
    return url;
  };

  // What the address says, and the same state as the lab would write it.
  let said = asked();
  let same;
  let awake = false;
  // What the address asks for is on its way; something was done since it was written.
  let following = false;
  let acted = false;
  host.dataset.state = said;

  const save = () => stateOf(host);

  // ── what is remembered ────────────────────────────────────────
  const key = `error99 lab ${new URL(host.dataset.base, location).pathname}`;
  // Storage may be refused: then nothing is remembered.
  const remember = (link) => {
    try { if (!embedded) localStorage.setItem(key, link); } catch { /* see above */ }
  };
  const recall = () => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const offer = () => {
    const kept = recall();
    if (embedded || !kept || location.hash || new URLSearchParams(location.search).has("scenario")) return;
    notice("return").querySelector("a").href = `#m=${kept}`;
  };

  const quiet = () => ["return", "said", "asks"].forEach(unnotice);

  // ── the address ───────────────────────────────────────────────
  let credit = CHANGES;
  let counted = performance.now();
  const spend = () => {
    const now = performance.now();
    credit = Math.min(CHANGES, credit + (now - counted) / CHANGE_MS);
    counted = now;
    if (credit < 1) return false;
    credit -= 1;
    return true;
  };

  let timer = 0;
  let moved = 0;
  const due = () => {
    const rest = moved + QUIET_MS - performance.now();
    timer = 0;
    if (rest > 0) timer = setTimeout(due, rest);
    else write();
  };
  const wait = () => {
    moved = performance.now();
    timer ||= setTimeout(due, QUIET_MS);
  };
  const write = () => {
    const link = save();
    if (link === undefined) return wait();
    const known = link === said || link === same || link.length > LINK_MAX;
    if (!known && !spend()) return wait();
    const change = acted && !embedded ? "pushState" : "replaceState";
    acted = false;
    if (known) return;
    // A frame without an origin may be refused: then its address stays.
    try { history[change](null, "", address(link)); } catch { /* see above */ }
    said = link;
    same = undefined;
    remember(link);
  };
  // A link that has suffered on its way gives way to what it says, without a new entry.
  const tidy = () => {
    if (!same || !said || /^#m=[\w-]*$/.test(location.hash)) return;
    try { history.replaceState(null, "", address(same)); } catch { return; }
    said = same;
  };
  const flush = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    write();
  };
  const follow = () => {
    const link = asked();
    // A question that is still open is about an address that nobody wants any more.
    if (!awake && host.dataset.asks && link !== said) return location.reload();
    // A lab that has trapped hears nothing more: the page is loaded anew (boot.js).
    if (!awake || host.inert || link === said || (!link && location.hash)) return;
    quiet();
    clearTimeout(timer);
    timer = 0;
    acted = false;
    following = true;
    said = link;
    host.dataset.state = link;
    delete host.dataset.said;
    host.dispatchEvent(new Event("open"));
    if (!host.dataset.said) return;
    following = false;
    notice("said", host.dataset.said);
  };

  host.addEventListener("awake", () => {
    awake = true;
    same = save();
    tidy();
    follow();
    offer();
  });
  host.addEventListener("said", () => notice("said", host.dataset.said));
  host.addEventListener("asks", () => {
    following = false;
    notice("asks", host.dataset.asks);
  });
  host.addEventListener("act", () => {
    flush();
    acted = true;
  });
  host.addEventListener("moved", () => {
    if (following) {
      following = false;
      same = save();
      tidy();
      return;
    }
    quiet();
    if (acted) write();
    else wait();
  });
  // A file was read: what is shown stays in the history, before it.
  host.addEventListener("bring", ({ detail }) => {
    flush();
    location.hash = `m=${detail}`;
  });
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);

  // ── sharing ───────────────────────────────────────────────────
  // The address of what is shown; nothing if there is too much of it.
  const link = () => {
    flush();
    const link = save();
    if (link === undefined || link === said || link === same) return location.href;
    return link.length > LINK_MAX ? undefined : address(link).href;
  };
  const share = async (button) => {
    const said = button.nextElementSibling;
    const { long, copied, refused } = button.dataset;
    const tell = (words) => {
      said.textContent = words;
      setTimeout(() => said.textContent === words && said.replaceChildren(), 4000);
    };
    const state = link();
    if (!state) return tell(long);
    const { href, protocol, pathname, search, hash } = outward(state);
    // Where a file lies is nobody else's concern.
    const url = protocol === "file:" ? fileOf(pathname) + search + hash : href;
    try {
      if (navigator.share && matchMedia("(pointer: coarse)").matches)
        return await navigator.share({ title: document.title, url });
    } catch ({ name }) {
      if (name === "AbortError") return;
    }
    const field = document.createElement("input");
    Object.assign(field, { value: url, readOnly: true, ariaLabel: button.ariaLabel });
    const show = () => {
      said.replaceChildren(refused, field);
      field.addEventListener("blur", () => said.replaceChildren());
      return field;
    };
    if (await copy(url, show)) tell(copied);
  };

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const button = at("[data-share]");
    if (button) share(button);
    const answer = at("[data-answer]")?.dataset.answer;
    if (answer) {
      unnotice("asks");
      following = awake && answer === "run";
      host.dispatchEvent(new Event(answer));
    }
    // A place in this page isn't an address: that holds the state.
    const place = at("a[href^='#']:not([href^='#m='])");
    const there = place && document.getElementById(place.hash.slice(1));
    if (there) {
      event.preventDefault();
      there.scrollIntoView();
      there.focus();
    }
    // The state goes with the reader into the other language, and into somebody else's page.
    const beside = at("[data-compare]");
    const state = beside && save();
    if (state) beside.hash = `m=${state}`;
    const language = at(".languages a");
    const embed = at("[data-embed] summary")?.parentElement;
    const open = at("[data-open]");
    if (!language && !embed && !open) return;
    const { search, hash } = new URL(link() ?? location);
    for (const place of [language, open])
      if (place) Object.assign(place, { search: hash ? "" : search, hash });
    const shown = outward(link() ?? location);
    if (embed) embed.dataset.state = shown.search + shown.hash;
  });
}

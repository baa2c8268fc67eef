// Runs before the first paint, so that no page flashes in the wrong theme, and needs no
// WebAssembly: the theme button and the projector button work from the first moment. It also says
// when another file of the page hasn't come.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
// Storage may be refused (private windows, file: pages): then nothing is remembered.
const recall = (key) => {
  try { return localStorage.getItem(key); } catch { return null; }
};
const remember = (key, value) => {
  try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* see above */ }
};

root.dataset.script = "";
// An address may ask for a theme, for a page inside somebody else's.
const asked = new URLSearchParams(location.search).get("theme");
const theme = [asked, recall("theme")].find((theme) => theme === "light" || theme === "dark");
if (theme) root.dataset.theme = theme;
root.toggleAttribute("data-present", recall("present") !== null);

const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
const showState = () => {
  const state = { theme: isDark(), present: root.hasAttribute("data-present") };
  for (const button of document.querySelectorAll("[data-act]"))
    button.setAttribute("aria-pressed", String(state[button.dataset.act]));
};
const act = {
  theme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
  },
  present() {
    const on = root.toggleAttribute("data-present");
    remember("present", on ? "" : null);
  },
};

dark.addEventListener("change", showState);
document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-act]")?.dataset.act;
  if (!Object.hasOwn(act, name ?? "")) return;
  act[name]();
  showState();
});
// The projector look may hide the top bar: Escape always leads out, but first out of what lies
// above the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !root.hasAttribute("data-present")) return;
  if (document.querySelector(":is(:modal, :popover-open)")) return;
  act.present();
  showState();
});

// ── files that haven't come ─────────────────────────────────────
const gone = new Set();
const tellGone = () => gone.size > 0 && document.readyState !== "loading" && notice("missing", [...gone].join(", "));
const missing = ({ src, href }) => {
  gone.add(fileOf(src ?? href));
  tellGone();
};
addEventListener("error", ({ target }) => {
  if (target.matches?.("script[src], link[rel=stylesheet]")) missing(target);
}, true);
// Scripts that wait for the page's end run after this.
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  showState();
  // A style sheet that was refused before this script ran: nothing has said so.
  const sheet = document.querySelector("link[rel=stylesheet]");
  if (sheet && !getComputedStyle(root).getPropertyValue("--paper")) missing(sheet);
  tellGone();
  const boot = document.querySelector("script[type=module][src]");
  if (boot) setTimeout(() => root.dataset.script || missing(boot), PATIENCE_MS);
});

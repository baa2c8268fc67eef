// Runs before the first paint, so that no page flashes in the wrong theme, and needs no
// WebAssembly: the theme button and the projector button work from the first moment.
(() => {
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

  document.addEventListener("DOMContentLoaded", showState);
  dark.addEventListener("change", showState);
  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (!Object.hasOwn(act, name ?? "")) return;
    act[name]();
    showState();
  });
  // The projector look may hide the top bar: Escape always leads out.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.hasAttribute("data-present")) return;
    act.present();
    showState();
  });
})();

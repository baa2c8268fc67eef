// Notes what a page says on the console and what it asks for, where the driver doesn't tell.
// The notes outlive the page: they are in the tab's storage until a test reads them.
(() => {
  const note = (list, text) => {
    const notes = JSON.parse(sessionStorage.getItem(list) ?? "[]");
    sessionStorage.setItem(list, JSON.stringify([...notes, String(text)]));
  };
  for (const level of ["error", "warn"]) {
    const say = console[level];
    console[level] = (...words) => {
      note("watch-console", `${level}: ${words.join(" ")}`);
      say.apply(console, words);
    };
  }
  addEventListener("error", ({ message, target }) => {
    note("watch-console", message ?? `not loaded: ${target.src ?? target.href}`);
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => note("watch-console", `rejected: ${reason}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    note("watch-console", `${violatedDirective} forbids ${blockedURI}`);
  });
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) note("watch-requests", name);
  }).observe({ type: "resource", buffered: true });
})();

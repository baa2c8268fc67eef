// Keeps a page's program on its way until it is told to let it come.
(() => {
  const { fetch } = window;
  const released = new Promise((release) => {
    window.releaseProgram = release;
  });
  window.fetch = async (what, ...more) => {
    if (String(what?.url ?? what).endsWith(".wasm")) await released;
    return fetch(what, ...more);
  };
})();

// Loads the WebAssembly and wakes the live parts of this page. The text comes first: nothing
// of it is fetched before the page has been painted.
const root = document.documentElement;

try {
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const app = await import("./error99.js");
  await app.default({ module_or_path: new URL("./error99_bg.wasm", import.meta.url) });
  for (const element of document.querySelectorAll("[data-live]")) app.wake(element);
  root.dataset.boot = "done";
} catch (error) {
  // The page stays as it was written: all its text is there.
  root.dataset.boot = "failed";
  console.error("error 99 could not start its machine:", error);
}

// Loads the WebAssembly and wakes the live parts of this page.
import init, * as app from "./error99.js";

const root = document.documentElement;

try {
  await init({ module_or_path: new URL("./error99_bg.wasm", import.meta.url) });
  for (const element of document.querySelectorAll("[data-live]")) app.wake(element);
  root.dataset.boot = "done";
} catch (error) {
  // The page stays as it was written: all its text is there.
  root.dataset.boot = "failed";
  console.error("error 99 could not start its machine:", error);
}

// Loads the WebAssembly and wakes the islands of this page.
//
// Islands are woken from the outside in, one after another, in the order of the document.
// An island's finished HTML children stand in <leptos-children>; an island inside them
// finds its parent's context through the function that the parent left on that element.
import init, * as app from "./error99.js";

const root = document.documentElement;

async function wake(element, parents) {
  const name = element.localName;
  if (name === "leptos-island") {
    const island = app[element.dataset.component];
    if (!island) throw new Error(`no island named ${element.dataset.component}`);
    parents.at(-1)?.();
    await island(element);
  }
  const inner = name === "leptos-children" ? [...parents, element.$$on_hydrate] : parents;
  for (const child of [...element.children]) await wake(child, inner);
}

try {
  await init({ module_or_path: new URL("./error99_bg.wasm", import.meta.url) });
  app.hydrate();
  await wake(document.body, []);
  root.dataset.boot = "done";
} catch (error) {
  // The page stays as it was written: all its text is there.
  root.dataset.boot = "failed";
  console.error("error 99 could not start its machine:", error);
}

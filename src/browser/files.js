// The sheet "Export and import". A worker makes files and reads them (worker.js); it ends
// with its answer, or when the reader stops it. The lab gives its state as a link and takes one.
// In somebody else's page there is no such sheet.
const sheet = document.querySelector("dialog.files");
if (sheet) {
  const { lang, dataset } = document.documentElement;
  const host = document.querySelector("[data-live=lab]");
  const find = (selector) => sheet.querySelector(selector);
  const tell = (...words) => { find("[data-said]").textContent = words.join(" "); };

  // ── the worker ────────────────────────────────────────────────
  let worker;
  const stop = () => {
    worker?.terminate();
    worker = undefined;
    find("[data-stop]").hidden = true;
    tell();
  };
  // The answer, or nothing: then the reader has been told why, or has stopped it.
  const ask = (kind, content) => new Promise((answered) => {
    stop();
    find("[data-stop]").hidden = false;
    tell(sheet.dataset.work, 0);
    const over = (text, ...words) => {
      stop();
      tell(...words);
      answered(text);
    };
    const failed = (words) => over(undefined, sheet.dataset.failed, words);
    worker = new Worker(new URL(dataset.files, location), { type: "module" });
    worker.onerror = ({ message }) => failed(message ?? "");
    worker.onmessage = ({ data }) => {
      if (data.calls) tell(sheet.dataset.work, data.calls.toLocaleString("en"));
      else if (data.failed) failed(data.failed);
      else over(data.text, data.said ?? "");
    };
    worker.postMessage({ lang, kind, content });
  });

  // ── export ────────────────────────────────────────────────────
  const picture = async (svg) => {
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const image = new Image();
    await new Promise((onload, onerror) => Object.assign(image, { onload, onerror, src: address }));
    URL.revokeObjectURL(address);
    const canvas = document.createElement("canvas");
    // For screens of two pixels to a dot.
    Object.assign(canvas, { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((made) => canvas.toBlob(made, "image/png"));
  };
  const save = (blob, name) => {
    const link = document.createElement("a");
    Object.assign(link, { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(sheet.dataset.saved, name);
  };
  const take = async ({ file, how, name, media }) => {
    const state = stateOf(host);
    if (state === undefined) return tell(sheet.dataset.busy);
    const text = await ask(file, state);
    if (text === undefined) return;
    if (how === "save") return save(new Blob([text], { type: media }), name);
    if (how === "png") return save(await picture(text), name.replace("svg", "png"));
    try {
      await navigator.clipboard.writeText(text);
      tell(sheet.dataset.copied);
    } catch {
      tell(sheet.dataset.refused);
    }
  };

  // ── import ────────────────────────────────────────────────────
  const open = async (text) => {
    const link = await ask("read", text);
    if (link === undefined) return;
    find("textarea").value = "";
    sheet.close();
    host.dispatchEvent(new CustomEvent("bring", { detail: link }));
  };
  find("[type=file]").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (file) open(await file.text());
    // The same file can be chosen again when it has changed.
    target.value = "";
  });

  document.querySelector("[data-export]").addEventListener("click", () => sheet.showModal());
  sheet.addEventListener("close", stop);
  sheet.addEventListener("click", ({ target }) => {
    const at = (selector) => target.closest(selector);
    if (at("[data-close]")) sheet.close();
    if (at("[data-stop]")) stop();
    if (at("[data-read]")) open(find("textarea").value);
    if (at("[data-file]")) take(at("[data-file]").dataset);
  });
}

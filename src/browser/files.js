// The sheet "Export and import". A worker makes files and reads them (worker.js); it ends
// with its answer, or when the reader stops it. The lab gives its state as a link and takes one.
// In somebody else's page there is no such sheet. WORKER, which prerender writes, is the worker's
// path, with what must be in it.
const sheet = document.querySelector("dialog.files");
if (sheet) {
  const { lang, dataset } = document.documentElement;
  const host = document.querySelector("[data-live=lab]");
  const find = (selector) => sheet.querySelector(selector);
  const tell = (...words) => { find("[data-said]").textContent = words.join(" "); };

  // ── the worker ────────────────────────────────────────────────
  let worker;
  let asked = 0;
  const stop = () => {
    asked += 1;
    worker?.terminate();
    worker = undefined;
    find("[data-stop]").hidden = true;
    tell();
  };
  const answer = (kind, content) => new Promise((answered, failed) => {
    worker = new Worker(new URL(WORKER[0], import.meta.url), { type: "module" });
    worker.onerror = ({ message }) => failed(new Error(message || WORKER[0]));
    worker.onmessage = ({ data }) => {
      if (data.calls) tell(sheet.dataset.work, data.calls.toLocaleString("en"));
      else if (data.failed) failed(new Error(data.failed));
      else answered(data);
    };
    worker.postMessage({ lang, kind, content });
  });
  // The answer, or nothing: then the reader has been told why, or has stopped it.
  const ask = async (kind, content) => {
    stop();
    const mine = asked;
    const over = (...words) => {
      if (mine !== asked) return false;
      stop();
      tell(...words);
      return true;
    };
    find("[data-stop]").hidden = false;
    tell(sheet.dataset.work, 0);
    try {
      // A worker of which something else came would say nothing at all.
      await file(WORKER);
      if (mine !== asked) return;
      const { text, said = "", left } = await answer(kind, content);
      if (over(said)) return { text, left };
    } catch ({ message }) {
      over(sheet.dataset.failed, message);
    }
  };

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
  const take = async ({ file: kind, how, name, media }) => {
    const state = stateOf(host);
    if (state === undefined) return tell(sheet.dataset.busy);
    const text = (await ask(kind, state))?.text;
    if (text === undefined) return;
    if (how === "save") return save(new Blob([text], { type: media }), name);
    if (how === "png") return save(await picture(text), name.replace("svg", "png"));
    // The field for what is pasted is at hand: there it stands selected.
    const show = () => Object.assign(find("textarea"), { value: text });
    tell((await copy(text, show)) ? sheet.dataset.copied : sheet.dataset.refused);
  };

  // ── import ────────────────────────────────────────────────────
  const open = async (text) => {
    const read = await ask("read", text);
    if (read?.text === undefined) return;
    find("textarea").value = "";
    sheet.close();
    if (read.left) host.addEventListener("moved", () => notice("said", read.left), { once: true });
    host.dispatchEvent(new CustomEvent("bring", { detail: read.text }));
  };
  // A file that is too long isn't even read.
  const openFile = async (chosen) => {
    if (chosen.size > sheet.dataset.most) return tell(sheet.dataset.long);
    open(await chosen.text());
  };
  find("[type=file]").addEventListener("change", ({ target }) => {
    const [chosen] = target.files;
    if (chosen) openFile(chosen);
    // The same file can be chosen again when it has changed.
    target.value = "";
  });
  // What is dropped anywhere on the page is opened, too.
  const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => brings(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    if (!sheet.open) sheet.showModal();
    openFile(event.dataTransfer.files[0]);
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

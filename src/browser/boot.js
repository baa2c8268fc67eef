// Loads the page's program when the first of its live parts comes near to what the reader sees, and
// wakes each when it does. The text comes first: nothing is fetched before the page has been painted
// and a frame has passed. In front of this stand the program's module and, from prerender, PROGRAM
// and TEXTS: paths, each with what must be in it.
const root = document.documentElement;
const frame = () => new Promise((made) => requestAnimationFrame(made));
const task = () => new Promise((begun) => setTimeout(begun));

if (root.dataset.script === undefined) notice("missing", "early.js");
// If early.js has missed this script, it needn't any more.
root.dataset.script = "boot";
const missed = document.querySelector("[data-notice=missing] [data-words]");
if (missed?.textContent === fileOf(import.meta.url)) unnotice("missing");

function failed(words) {
  const link = notice("failed", words).querySelector("[data-restore]");
  if (!link) return;
  link.href = location.href;
  link.hidden = !location.hash.startsWith("#m=");
}

// A program that has trapped must not be called again: nothing reaches its parts any more, and
// what they have put off is called off. live.rs leaves what it said in the page. Whatever the
// address asks for from now on needs a program that lives.
const trapped = ({ error, reason }) => {
  const trap = error ?? reason;
  if (trap?.name !== "RuntimeError") return;
  for (const part of document.querySelectorAll("[data-live]")) part.inert = true;
  for (let id = setTimeout(() => {}); id > 0; id -= 1) clearTimeout(id);
  for (let id = requestAnimationFrame(() => {}); id > 0; id -= 1) cancelAnimationFrame(id);
  failed(document.body.dataset.panic ?? trap.message);
  addEventListener("hashchange", () => location.reload());
};
addEventListener("error", trapped);
addEventListener("unhandledrejection", trapped);

// In somebody else's page: tells how high it is.
const embed = document.querySelector("main.embed");
const tell = () => {
  const height = Math.ceil(embed.getBoundingClientRect().height);
  parent.postMessage({ type: "error99:height", height }, "*");
};
if (embed && parent !== self) new ResizeObserver(tell).observe(embed);

// For somebody else's page: the lines that put a part of this one into it.
const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const lines = ({ embed, state = "", title, width, height, script }) => {
  const address = (path) => quoted(new URL(path, outward(location)).href);
  return `<iframe src="${address(embed + state)}" title="${quoted(title)}" width="${width}" height="${height}"` +
    ` loading="lazy" style="border: 0; max-width: 100%"></iframe>\n<script async src="${address(script)}"></script>`;
};
document.addEventListener("toggle", ({ target }) => {
  if (!target.dataset.embed || !target.open) return;
  const unmade = target.querySelector("template");
  unmade?.replaceWith(unmade.content);
  target.querySelector("textarea").value = lines(target.dataset);
}, true);

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-take]");
  if (!button) return;
  // The text stands beside the button, or the lab has left one with it that it has made for this.
  const place = button.parentElement.querySelector("textarea, code");
  const { take, selected, text = place?.value ?? place?.textContent } = button.dataset;
  const show = () => {
    if (place) return place;
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    button.after(field);
    return field;
  };
  const said = (await copy(text, show)) ? take : selected;
  button.querySelector("span").textContent = said;
  if (button.ariaLabel) button.ariaLabel = said;
});

// What is done in a part before it lives is done again once it does: to what stands there then,
// under the same name. Whoever was writing goes on there.
const pressable = "button, input:is([type=radio], [type=checkbox])";
const fillable = "input:not([type=radio], [type=checkbox]), select, textarea";
const focusable = `${pressable}, ${fillable}`;
const nameOf = (control) => control.ariaLabel ?? (control.labels?.[0] ?? control).textContent;
const likeness = (control) => [control.localName, control.type, nameOf(control)].join();
const alike = (part, like) =>
  [...part.querySelectorAll(focusable)].filter((control) => likeness(control) === like);
const doneTo = (control, type) => {
  const part = control?.closest("[data-live]:not([data-awake])");
  if (!part) return undefined;
  const like = likeness(control);
  return { type, part, control, like, at: alike(part, like).indexOf(control) };
};
const again = ({ type, part, control, like, at }) => {
  const now = alike(part, like)[at];
  if (!now) return;
  if (type === "click") return now.click();
  if (type === "focusin") return document.activeElement === document.body && now.focus({ preventScroll: true });
  now.value = control.value;
  now.dispatchEvent(new Event(type, { bubbles: true }));
};
let early = [];
const keep = (type, controls) => document.addEventListener(type, ({ target }) => {
  const done = doneTo(target.closest?.(controls), type);
  if (!done) return;
  // The last value of a control counts, and where the focus was last; but every press.
  const over = { click: () => false, focusin: () => true }[type] ?? ((before) => before.control === done.control);
  early = early.filter((before) => before.type !== type || before.part !== done.part || !over(before));
  early.push(done);
}, true);
keep("click", pressable);
keep("focusin", focusable);
keep("input", fillable);
keep("change", fillable);
// A press may begin on what was written and end on what has taken its place: no click comes of it.
const controlAt = (place) => place?.closest(pressable) ?? place?.closest("label")?.control;
let begun;
document.addEventListener("pointerdown", ({ target }) => { begun = doneTo(controlAt(target), "click"); }, true);
document.addEventListener("pointerup", ({ clientX, clientY }) => {
  if (!begun || begun.control.isConnected) return;
  const control = controlAt(document.elementFromPoint(clientX, clientY));
  if (!control || likeness(control) !== begun.like) return;
  if ("awake" in begun.part.dataset) again(begun);
  else early.push(begun);
}, true);
const awake = (part) => {
  part.dataset.awake = "";
  const done = early.filter((done) => done.part === part && !done.control.isConnected);
  early = early.filter((done) => done.part !== part);
  done.forEach(again);
};

// The program, loaded once something needs it.
let program;
const load = async () => {
  let told = false;
  const slow = setTimeout(() => {
    told = true;
    notice("missing", [PROGRAM, TEXTS[root.lang]].map(([path]) => path).join(", "));
  }, PATIENCE_MS);
  try {
    const module = start({ module_or_path: file(PROGRAM) });
    const [said] = await Promise.all([textOf(TEXTS[root.lang]), module]);
    return (part) => wake(part, said);
  } finally {
    clearTimeout(slow);
    // What early.js says of other files stays.
    if (told) unnotice("missing");
  }
};

// Wakes those of the places that are near; `data-boot` says when the first of them are served.
const serve = async (places) => {
  try {
    for (const { target } of places) {
      near.unobserve(target);
      const wake = await (program ??= load());
      await task();
      const part = target.querySelector("[data-live]");
      watch(part);
      // The lab and the two kernels have to run first, and say when they live.
      part.addEventListener("awake", () => awake(part), { once: true });
      wake(part);
      if (!["lab", "compare"].includes(part.dataset.live)) awake(part);
    }
    root.dataset.boot = "done";
  } catch (error) {
    // The page stays as it was written: all its text is there. Nothing is tried a second time.
    near.disconnect();
    root.dataset.boot = "failed";
    console.error("error 99 could not start its machine:", error);
    failed(error.message);
  }
};
const near = new IntersectionObserver(
  (places) => serve(places.filter(({ isIntersecting }) => isIntersecting)),
  { rootMargin: "100% 0px" },
);

await frame();
await frame();
await task();
// A live part has no box of its own: the element around it is looked at.
for (const element of document.querySelectorAll("[data-live]")) near.observe(element.parentElement);

// Loads the page's program when the first of its live parts comes near to what the reader sees, and
// wakes each when it does. The text comes first: nothing is fetched before the page has been painted
// and a frame has passed.
const root = document.documentElement;
const frame = () => new Promise((made) => requestAnimationFrame(made));
const task = () => new Promise((begun) => setTimeout(begun));

// Shows one of the page's notices, with words of its own.
function notice(name, words = "") {
  const shown = document.querySelector(`[data-notice=${name}]`);
  const place = shown.querySelector("[data-words]");
  if (place) place.textContent = words;
  shown.hidden = false;
  return shown;
}
function unnotice(name) {
  const shown = document.querySelector(`[data-notice=${name}]`);
  if (!shown.hidden) shown.hidden = true;
}
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) target.closest("[data-notice]").hidden = true;
  if (target.closest("[data-retry]")) location.reload();
});

function failed(words) {
  const link = notice("failed", words).querySelector("[data-restore]");
  if (!link) return;
  link.href = location.href;
  link.hidden = !location.hash.startsWith("#m=");
}

// A program that has trapped must not be called again: nothing reaches its parts any more, and
// what they have put off is called off. live.rs leaves what it said in the page.
const trapped = ({ error, reason }) => {
  const trap = error ?? reason;
  if (trap?.name !== "RuntimeError") return;
  for (const part of document.querySelectorAll("[data-live]")) part.inert = true;
  for (let id = setTimeout(() => {}); id > 0; id -= 1) clearTimeout(id);
  for (let id = requestAnimationFrame(() => {}); id > 0; id -= 1) cancelAnimationFrame(id);
  failed(document.body.dataset.panic ?? trap.message);
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
  const address = (path) => quoted(new URL(path, location).href);
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
  const field = button?.parentElement.querySelector("textarea");
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.take;
  } catch { /* what is selected can be copied by hand */ }
});

// What is pressed in a part before it lives is pressed once it does: on what stands there then,
// under the same name.
const pressable = "button, input:is([type=radio], [type=checkbox])";
const nameOf = (control) => control.ariaLabel ?? (control.labels[0] ?? control).textContent;
const namedLike = (part, name) => [...part.querySelectorAll(pressable)].filter((control) => nameOf(control) === name);
const controlAt = (place) => place?.closest(pressable) ?? place?.closest("label")?.control;
const pressOf = (control) => {
  const part = control?.closest("[data-live]:not([data-awake])");
  if (!part) return undefined;
  const name = nameOf(control);
  return { part, control, name, at: namedLike(part, name).indexOf(control) };
};
const again = ({ part, name, at }) => namedLike(part, name)[at]?.click();
let early = [];
document.addEventListener("click", ({ target }) => {
  const press = pressOf(target.closest(pressable));
  if (press) early.push(press);
}, true);
// A press may begin on what was written and end on what has taken its place: no click comes of it.
let begun;
document.addEventListener("pointerdown", ({ target }) => { begun = pressOf(controlAt(target)); }, true);
document.addEventListener("pointerup", ({ clientX, clientY }) => {
  if (!begun || begun.control.isConnected) return;
  const control = controlAt(document.elementFromPoint(clientX, clientY));
  if (!control || nameOf(control) !== begun.name) return;
  if ("awake" in begun.part.dataset) again(begun);
  else early.push(begun);
}, true);
const awake = (part) => {
  part.dataset.awake = "";
  const presses = early.filter((press) => press.part === part && !press.control.isConnected);
  early = early.filter((press) => press.part !== part);
  presses.forEach(again);
};

// What the live parts say, in the language of the page.
const texts = async () => {
  const answer = await fetch(root.dataset.texts);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.text();
};

// The program, loaded once something needs it.
let program;
const load = async () => {
  const [said, module] = await Promise.all([texts(), import("./program.js")]);
  await module.default({ module_or_path: new URL("./program_bg.wasm", import.meta.url) });
  return (part) => module.wake(part, said);
};

// Wakes those of the places that are near; `data-boot` says when the first of them are served.
const serve = async (places) => {
  try {
    for (const { target } of places) {
      near.unobserve(target);
      const wake = await (program ??= load());
      await task();
      const part = target.querySelector("[data-live]");
      // The lab comes to life piece by piece, and says when it has.
      part.addEventListener("awake", () => awake(part), { once: true });
      wake(part);
      if (part.dataset.live !== "lab") awake(part);
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

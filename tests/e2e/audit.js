// Measures the page as it is drawn now and returns its faults, each as a sentence.
// Runs as the body of a function, in the page.

const faults = new Set();
const shown = (element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return style.display !== "none" && style.visibility !== "hidden" && box.width > 0 && box.height > 0 &&
    element.checkVisibility();
};
const name = (element) => {
  const words = (element.getAttribute("aria-label") ?? element.textContent).trim().replace(/\s+/g, " ");
  return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> “${words.slice(0, 28)}”`;
};
// Parts that are meant for other eyes, or wait outside of the picture.
const exempt = (element) => element.closest(".vh, .skip, .sprite, defs, noscript, script, style");

// ── contrast ────────────────────────────────────────────────────
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colour = (css) => {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = "#000";
  brush.fillStyle = css;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return { rgb: [red, green, blue], alpha: alpha / 255 };
};
const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const over = (top, alpha, ground) => top.map((value, place) => value * alpha + ground[place] * (1 - alpha));
// The ground that an element's text stands on: washes over the first opaque background.
const groundOf = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = colour(getComputedStyle(at).backgroundColor);
    layers.push([rgb, alpha]);
    if (alpha > 0.99) break;
  }
  return layers.reverse().reduce((ground, [rgb, alpha]) => over(rgb, alpha, ground), [255, 255, 255]);
};
let texts = 0;
for (const element of document.querySelectorAll("body *")) {
  const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!hasText || exempt(element) || !shown(element) || element.closest("[disabled]")) continue;
  texts += 1;
  const style = getComputedStyle(element);
  const drawn = element instanceof SVGElement;
  const ink = colour(drawn ? style.fill : style.color);
  // A label in a picture brings its own ground along as a halo.
  const halo = drawn && style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) >= 3;
  const ground = halo ? colour(style.stroke).rgb : groundOf(drawn ? element.closest("svg").parentElement : element);
  let opacity = ink.alpha;
  for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
  const ratio = contrast(over(ink.rgb, opacity, ground), ground);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  if (!drawn && size < 11) faults.add(`letters of ${size} px: ${name(element)}`);
}
if (texts === 0) faults.add("there is no text at all");

// ── targets ─────────────────────────────────────────────────────
const controls = "a[href], button, input, select, textarea, summary, [role=button], [role=slider], [tabindex='0']";
for (const element of document.querySelectorAll(controls)) {
  if (exempt(element) || !shown(element)) continue;
  // A link within a sentence is as high as its line.
  if (element.closest("p, dd, figcaption") && getComputedStyle(element).display === "inline") continue;
  const box = (element.closest("label") ?? element).getBoundingClientRect();
  if (box.width < 23.9 || box.height < 23.9)
    faults.add(`target of ${box.width.toFixed(0)} × ${box.height.toFixed(0)} px: ${name(element)}`);
}

// ── overflow and clipped text ───────────────────────────────────
const page = document.documentElement;
if (page.scrollWidth > page.clientWidth) faults.add(`the page is ${page.scrollWidth} px wide`);
const overflows = (element, ...kinds) => {
  const style = getComputedStyle(element);
  return [style.overflowX, style.overflowY].some((kind) => kinds.includes(kind));
};
// A page that scrolls by the height of a line is one that should fit.
const beyond = page.scrollHeight - page.clientHeight;
if (beyond > 0 && beyond < 20) faults.add(`the page scrolls by ${beyond} px`);
for (const element of document.querySelectorAll("main > *, .lab > *")) {
  const spill = element.scrollHeight - element.clientHeight;
  if (spill > 1 && shown(element) && !exempt(element) && overflows(element, "visible"))
    faults.add(`${spill} px higher than its place: ${name(element)}`);
}
const upwards = function* (element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) yield at;
};
for (const element of document.querySelectorAll("body *")) {
  if (exempt(element) || element.closest("svg") || !shown(element)) continue;
  const scroller = [...upwards(element.parentElement)].find((at) => overflows(at, "auto", "scroll"));
  if (scroller) continue;
  const box = element.getBoundingClientRect();
  if (box.right > page.clientWidth + 1 || box.left < -1)
    faults.add(`out of the window, ${box.left.toFixed(0)} to ${box.right.toFixed(0)}: ${name(element)}`);
  // The letters themselves, against the box that they belong to and whatever cuts them off.
  const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const block = [...upwards(element)].find((at) => getComputedStyle(at).display !== "inline");
  for (const node of words) {
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      if (line.width === 0) continue;
      const own = block?.getBoundingClientRect();
      const beyond = own ? Math.max(line.right - own.right, own.left - line.left) : 0;
      if (beyond > 1) faults.add(`text ${beyond.toFixed(0)} px too wide: ${name(element)}`);
      for (const at of upwards(element)) {
        if (!overflows(at, "hidden", "clip")) continue;
        const edge = at.getBoundingClientRect();
        const wide = Math.max(line.right - edge.right, edge.left - line.left);
        // A line box is higher than its letters.
        const high = Math.max(line.bottom - edge.bottom, edge.top - line.top) - 0.15 * line.height;
        if (wide > 1) faults.add(`text ${wide.toFixed(0)} px too wide: ${name(element)}`);
        if (high > 1) faults.add(`text ${high.toFixed(0)} px too high: ${name(element)}`);
      }
    }
  }
}

return [...faults];

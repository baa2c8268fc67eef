// Measures the page as it is drawn now and returns its faults, each as a sentence.
// Runs as the body of a function, in the page. Its argument lists what is to be measured.

const [wanted] = arguments;
const faults = new Set();
// What lies far below isn't laid out before it comes near: where it then stands can't be measured.
if (!window.laidOut) {
  window.laidOut = new CSSStyleSheet();
  laidOut.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets.push(laidOut);
}
const remembered = (compute) => {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key);
  };
};
const styleOf = remembered((element) => getComputedStyle(element));
const shown = remembered((element) => {
  const style = styleOf(element);
  const box = element.getBoundingClientRect();
  return style.display !== "none" && style.visibility !== "hidden" && box.width > 0 && box.height > 0 &&
    element.checkVisibility();
});
const name = (element) => {
  const words = (element.getAttribute("aria-label") ?? element.textContent).trim().replace(/\s+/g, " ");
  return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> “${words.slice(0, 28)}”`;
};
// Parts that are meant for other eyes, or wait outside of the picture.
const exempt = (element) => element.closest(".vh, .skip, .sprite, defs, noscript, script, style") || unseen(element);
// Heads of tables that are for readers' ears alone.
const unseen = remembered((element) =>
  element !== document.body && (styleOf(element).clipPath === "inset(50%)" || unseen(element.parentElement)));
const words = (element) =>
  [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
const page = document.documentElement;

// ── contrast ────────────────────────────────────────────────────
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colour = remembered((css) => {
  brush.clearRect(0, 0, 1, 1);
  brush.fillStyle = "#000";
  brush.fillStyle = css;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
  return { rgb: [red, green, blue], alpha: alpha / 255 };
});
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
const groundOf = remembered((element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = colour(styleOf(at).backgroundColor);
    layers.push([rgb, alpha]);
    if (alpha > 0.99) break;
  }
  return layers.reverse().reduce((ground, [rgb, alpha]) => over(rgb, alpha, ground), [255, 255, 255]);
});
const opacityOf = remembered((element) =>
  Number(styleOf(element).opacity) * (element.parentElement ? opacityOf(element.parentElement) : 1));
const measureContrast = () => {
  let texts = 0;
  for (const element of document.querySelectorAll("body *")) {
    if (words(element).length === 0 || exempt(element) || !shown(element) || element.closest("[disabled]")) continue;
    texts += 1;
    const style = styleOf(element);
    const drawn = element instanceof SVGElement;
    const ink = colour(drawn ? style.fill : style.color);
    // A label in a picture brings its own ground along as a halo.
    const halo = drawn && style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) >= 3;
    const ground = halo ? colour(style.stroke).rgb : groundOf(drawn ? element.closest("svg").parentElement : element);
    const ratio = contrast(over(ink.rgb, ink.alpha * opacityOf(element), ground), ground);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }
  if (texts === 0) faults.add("there is no text at all");
};

// ── targets ─────────────────────────────────────────────────────
const controls = "a[href], button, input, select, textarea, summary, [role=button], [role=slider], [tabindex='0']";
const measureTargets = () => {
  for (const element of document.querySelectorAll(controls)) {
    if (exempt(element) || !shown(element)) continue;
    // A link within a sentence is as high as its line.
    if (element.closest("p, dd, figcaption") && styleOf(element).display === "inline") continue;
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (box.width < 23.9 || box.height < 23.9)
      faults.add(`target of ${box.width.toFixed(0)} × ${box.height.toFixed(0)} px: ${name(element)}`);
  }
};

// ── letters, overflow and clipped text ──────────────────────────
const overflows = (element, ...kinds) => {
  const style = styleOf(element);
  return [style.overflowX, style.overflowY].some((kind) => kinds.includes(kind));
};
const upwards = function* (element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) yield at;
};
const boxOf = remembered((element) => element.getBoundingClientRect());
const within = (kinds) => {
  const found = remembered((element) =>
    !element || element === document.body ? null : overflows(element, ...kinds) ? element : found(element.parentElement));
  return found;
};
const scrollerAround = within(["auto", "scroll"]);
const blockAround = remembered((element) =>
  element === document.body ? null : styleOf(element).display !== "inline" ? element : blockAround(element.parentElement));
const cuttersAround = remembered((element) =>
  [...upwards(element)].filter((at) => overflows(at, "hidden", "clip")));
const linesOf = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()].filter((line) => line.width > 0);
};
const measureFit = () => {
  if (page.scrollWidth > page.clientWidth) faults.add(`the page is ${page.scrollWidth} px wide`);
  for (const element of document.querySelectorAll("main > *, .lab > *")) {
    const spill = element.scrollHeight - element.clientHeight;
    if (spill > 1 && shown(element) && !exempt(element) && overflows(element, "visible"))
      faults.add(`${spill} px higher than its place: ${name(element)}`);
  }
  for (const element of document.querySelectorAll("body *")) {
    if (exempt(element) || element.closest("svg") || !shown(element)) continue;
    const size = parseFloat(styleOf(element).fontSize);
    if (size < 11 && words(element).length > 0) faults.add(`letters of ${size} px: ${name(element)}`);
    if (scrollerAround(element.parentElement)) continue;
    const box = boxOf(element);
    if (box.right > page.clientWidth + 1 || box.left < -1)
      faults.add(`out of the window, ${box.left.toFixed(0)} to ${box.right.toFixed(0)}: ${name(element)}`);
    // The letters themselves, against the box that they belong to and whatever cuts them off.
    for (const line of words(element).flatMap(linesOf)) {
      const own = blockAround(element);
      const beyond = own ? Math.max(line.right - boxOf(own).right, boxOf(own).left - line.left) : 0;
      if (beyond > 1) faults.add(`text ${beyond.toFixed(0)} px too wide: ${name(element)}`);
      for (const at of cuttersAround(element)) {
        const edge = boxOf(at);
        const wide = Math.max(line.right - edge.right, edge.left - line.left);
        // A line box is higher than its letters.
        const high = Math.max(line.bottom - edge.bottom, edge.top - line.top) - 0.15 * line.height;
        if (wide > 1) faults.add(`text ${wide.toFixed(0)} px too wide: ${name(element)}`);
        if (high > 1) faults.add(`text ${high.toFixed(0)} px too high: ${name(element)}`);
      }
    }
  }
};
// A page that scrolls by the height of a line is one that should fit.
const measureHeight = () => {
  const beyond = page.scrollHeight - page.clientHeight;
  if (beyond > 0 && beyond < 20) faults.add(`the page scrolls by ${beyond} px`);
};

// ── text over text, and what floats over the page ───────────────
const floats = (element) => ["fixed", "sticky"].includes(styleOf(element).position);
// What lies over the page hides text by intent: each such part is looked at by itself, and behind
// a sheet nothing is looked at.
const layerOf = remembered((element) =>
  !element || element === document.body ? null : floats(element) ? element : layerOf(element.parentElement));
const clipped = (line, element) => {
  let { left, right, top, bottom } = line;
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (!overflows(at, "hidden", "clip", "auto", "scroll")) continue;
    const edge = boxOf(at);
    left = Math.max(left, edge.left);
    right = Math.min(right, edge.right);
    top = Math.max(top, edge.top);
    bottom = Math.min(bottom, edge.bottom);
  }
  return { left, right, top, bottom };
};
const measureOverlap = () => {
  const modal = document.querySelector("dialog:modal");
  const lines = [];
  for (const element of (modal ?? document.body).querySelectorAll("*")) {
    if (exempt(element) || !shown(element) || opacityOf(element) === 0) continue;
    for (const node of words(element)) {
      for (const line of linesOf(node)) {
        const { left, right, top, bottom } = clipped(line, element);
        // Letters fill the middle of their line.
        const bare = (bottom - top) * 0.22;
        if (right - left > 2 && bottom - top > 2)
          lines.push({ node, element, left: left + 1, right: right - 1, top: top + bare, bottom: bottom - bare });
      }
    }
  }
  lines.sort((one, other) => one.top - other.top);
  lines.forEach((one, at) => {
    for (const other of lines.slice(at + 1)) {
      if (other.top >= one.bottom - 1) break;
      if (one.node === other.node || layerOf(one.element) !== layerOf(other.element)) continue;
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) < 1) continue;
      faults.add(`text over text: ${name(one.element)} and ${name(other.element)}`);
    }
  });
};
const measureCover = () => {
  if (document.querySelector("dialog:modal")) return;
  const floating = [...document.querySelectorAll("body *")].filter((element) =>
    floats(element) && !exempt(element) && shown(element) && !layerOf(element.parentElement));
  for (const share of [0, 0.5, 1]) {
    scrollTo(0, share * (page.scrollHeight - innerHeight));
    const hidden = floating.map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const wide = Math.min(right, innerWidth) - Math.max(left, 0);
      const high = Math.min(bottom, innerHeight) - Math.max(top, 0);
      return (Math.max(wide, 0) * Math.max(high, 0)) / (innerWidth * innerHeight);
    });
    const sum = hidden.reduce((sum, part) => sum + part, 0);
    if (sum > 0.5) faults.add(`${Math.round(100 * sum)} % of the window is hidden by ${floating.map(name)}`);
  }
  scrollTo(0, 0);
};

const measures = {
  contrast: measureContrast, targets: measureTargets, fit: measureFit, height: measureHeight,
  overlap: measureOverlap, cover: measureCover,
};
for (const claim of wanted) measures[claim]();
return [...faults];

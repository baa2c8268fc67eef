// What has states: found on the page, and put into one of them.
// Runs as the body of a function, in the page. `kinds` are selectors, each with how many of the
// parts around an element its look depends on. Without a second argument it lists what is there:
// for each element the place of its kind in the list, its own among its kind, and a text that is
// the same for elements of one look. With one it puts an element into a state and returns its box
// in the page. `put` is written before: it puts an element into that state.

const [kinds, wanted] = arguments;
const found = (selector) => [...(document.querySelector("dialog:modal") ?? document.body).querySelectorAll(selector)];
// A radio button that is drawn by its label is seen there.
const place = (element) => (element.localName === "input" && element.closest("label")) || element;

if (wanted === undefined) {
  // Where a style begins: the parts of the page around it, by their names.
  const look = (element, around) => {
    const names = [];
    for (let at = element; at && at !== document.body && names.length <= around; at = at.parentElement)
      names.push([at.localName, at.type ?? "", ...[...at.classList].sort()].join("."));
    return names.join(" < ");
  };
  // A state may be what the selector asks for: an element stays the same one.
  window.stateful = kinds.map(([selector]) => found(selector));
  return stateful.flatMap((elements, kind) =>
    elements.flatMap((element, at) => {
      const box = place(element).getBoundingClientRect();
      const seen = box.width > 0 && box.height > 0 && place(element).checkVisibility({ visibilityProperty: true });
      return seen && !element.closest(".vh, .skip") ? [[kind, at, look(element, kinds[kind][1])]] : [];
    }));
}
const [kind, at] = wanted;
const it = stateful[kind][at];
put(it);
place(it).scrollIntoView({ block: "center", inline: "center" });
const box = place(it).getBoundingClientRect();
const around = 4;
return {
  x: Math.max(0, Math.floor(box.x + scrollX) - around), y: Math.max(0, Math.floor(box.y + scrollY) - around),
  width: Math.ceil(Math.min(box.width, innerWidth)) + 2 * around, height: Math.ceil(Math.min(box.height, 400)) + 2 * around,
  scale: 1,
};

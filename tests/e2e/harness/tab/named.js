// Elements that may have an accessible name: each word of it is said of them or in them. The
// browser then tells which of them does; asking it about every element of a page is slow.
// Runs as the body of a function, in the page.

const [selector, name] = arguments;
const wanted = name.split(/\s+/).filter(Boolean);
const own = (element) => [
  element.textContent, element.value, element.title, element.alt, element.placeholder, element.ariaLabel,
  ...[...(element.labels ?? [])].map((label) => label.textContent),
];
const referred = (element) =>
  (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean)
    .flatMap((id) => { const other = document.getElementById(id); return other ? said(other) : []; });
const inside = (element) => [...element.querySelectorAll("[aria-label], [title], [alt]")].flatMap(own);
const said = (element) => [...own(element), ...inside(element), ...referred(element)];
return [...document.querySelectorAll(selector)].filter((element) => {
  const words = said(element).filter((text) => typeof text === "string").join(" ").replace(/\s+/g, " ");
  return wanted.every((word) => words.includes(word));
});

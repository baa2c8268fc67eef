// In front of a program. Translators and other extensions put elements of theirs into the places of
// texts that the program still holds. Whatever changed in a living part while the program rested is
// undone before it changes anything itself: it does so in its microtasks only.
const foreign = [];
// A part's own list of children is left alone: there the lab is put in place, region by region.
const guard = new MutationObserver((changes) => {
  for (const change of changes) if (!change.target.dataset?.live) foreign.push(change);
});
const watch = (part) =>
  guard.observe(part, { childList: true, characterData: true, characterDataOldValue: true, subtree: true });
const undo = ({ target, oldValue, addedNodes, removedNodes, nextSibling }) => {
  if (oldValue !== null) target.data = oldValue;
  for (const node of addedNodes) if (node.parentNode === target) node.remove();
  const before = nextSibling?.parentNode === target ? nextSibling : null;
  for (const node of removedNodes) target.insertBefore(node, before);
};
const queueMicrotask = (work) =>
  globalThis.queueMicrotask(() => {
    while (foreign.length > 0) undo(foreign.pop());
    work();
    guard.takeRecords();
  });

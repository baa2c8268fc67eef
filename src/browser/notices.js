// The page's notices, written into it by page/notice.rs. In front of early.js, which says when the
// other scripts haven't come, and of the boot script, which says when early.js hasn't.
const fileOf = (address) => address.split("/").pop();
const notice = (name, words = "") => {
  const shown = document.querySelector(`[data-notice=${name}]`);
  const place = shown?.querySelector("[data-words]");
  if (place) place.textContent = words;
  if (shown) shown.hidden = false;
  return shown;
};
const unnotice = (name) => {
  const shown = document.querySelector(`[data-notice=${name}]`);
  if (shown && !shown.hidden) shown.hidden = true;
};
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) target.closest("[data-notice]").hidden = true;
  if (target.closest("[data-retry]")) location.reload();
});
// So long a part of the page may take before the reader is told.
const PATIENCE_MS = 10_000;

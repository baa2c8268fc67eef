// Copies a text. Where the browser doesn't let a page do that, as on every page without HTTPS, what
// `show` brings forth stands selected, for the reader to copy. Returns whether it was copied.
const copy = async (text, show) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const shown = show();
    shown.focus?.({ preventScroll: true });
    if (shown.select) shown.select();
    else getSelection().selectAllChildren(shown);
    return false;
  }
};

// The same address for others. Of the site as one file it's on this reader's disk; the site itself
// may have one.
const outward = (address) => {
  const url = new URL(address);
  const { site } = document.documentElement.dataset;
  if (url.protocol !== "file:" || !site) return url;
  const there = new URL(url.searchParams.get("at") ?? "", site);
  url.searchParams.delete("at");
  return Object.assign(there, { search: url.search, hash: url.hash });
};

// A file of the site, exactly as it was built: a host may send another one, or half of it.
const file = ([path, integrity]) =>
  fetch(new URL(path, import.meta.url), { integrity }).catch(({ message }) => {
    throw new Error(`${path}: ${message}`);
  });
const textOf = async (asked) => (await file(asked)).text();

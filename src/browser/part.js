// Loads the part of the program that nobody sees before asking for it, at the program's request: it
// names a function of its own to call then, with what that wants and whether the part is there. PART,
// from prerender, is the part's path, with what must be in it. A part that could not be had is asked
// for again the next time.
let part;
const join = async () => {
  const response = await file(PART);
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { __wasm_split: wasm });
  return instance;
};
import1.__wasm_split_load_aside = async (call, given) => {
  let there = true;
  try {
    await (part ??= join());
  } catch (error) {
    part = undefined;
    there = false;
    console.warn("error 99 could not load a part of its lab:", error);
  }
  wasm.__indirect_function_table.get(call)(given, there);
};

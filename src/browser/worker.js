// Makes or reads a file for the lab: asked once, answers once. See src/bin/files.rs. In front of
// this stand the program's module and, from prerender, PROGRAM and TEXTS, as for boot.js.
onmessage = async ({ data: { lang, kind, content } }) => {
  try {
    const program = start({ module_or_path: file(PROGRAM) });
    const [words] = await Promise.all([textOf(TEXTS[lang]), program]);
    const heard = (calls) => postMessage({ calls });
    const said = kind === "read" ? read(lang, words, content) : [write(lang, words, kind, content, heard)];
    const [text, left] = said;
    postMessage({ text, left });
  } catch (wrong) {
    // The program itself throws sentences for the reader.
    postMessage(typeof wrong === "string" ? { said: wrong } : { failed: wrong.message ?? String(wrong) });
  }
};

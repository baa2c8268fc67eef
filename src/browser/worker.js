// Makes or reads a file for the lab: asked once, answers once. See src/bin/files.rs.
import start, { read, write } from "./program.js";

const TEXTS = { en: "./texts-en.txt", "zh-CN": "./texts-zh-CN.txt" };
const texts = async (lang) => {
  const answer = await fetch(new URL(TEXTS[lang], import.meta.url));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.text();
};

onmessage = async ({ data: { lang, kind, content } }) => {
  try {
    const program = start({ module_or_path: new URL("./program_bg.wasm", import.meta.url) });
    const [words] = await Promise.all([texts(lang), program]);
    const heard = (calls) => postMessage({ calls });
    const text = kind === "read" ? read(lang, words, content) : write(lang, words, kind, content, heard);
    postMessage({ text });
  } catch (wrong) {
    // The program itself throws sentences for the reader.
    postMessage(typeof wrong === "string" ? { said: wrong } : { failed: String(wrong) });
  }
};

// Walks in the page over so many machines; nanoseconds per port, a list of samples for each.

const [machines, done] = arguments;
// The clock of a page goes in tenths of a millisecond: a sample takes some of the native ones.
const walks = 300;
const samples = 12;

const run = async () => {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/walk.wasm"));
  const { prepare, walk } = instance.exports;
  return Array.from({ length: machines }, (_, place) => {
    prepare(place);
    // Until the engine has compiled it for good.
    walk(walks);
    return Array.from({ length: samples }, () => {
      const start = performance.now();
      const ports = walk(walks);
      return ((performance.now() - start) * 1e6) / ports;
    });
  });
};

run().then(done, (error) => done(String(error)));

// Reads pictures, given as PNG in base64, and calls back: of two of them how many dots differ, of
// one how many colours fill a two hundredth of it or more.

const [pictures, done] = arguments;
const dots = async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
};
const differing = (one, other) => {
  let count = 0;
  for (let y = 0; y < Math.min(one.height, other.height); y += 1) {
    for (let x = 0; x < Math.min(one.width, other.width); x += 1) {
      const [a, b] = [one, other].map(({ width }) => 4 * (y * width + x));
      if ([0, 1, 2].some((part) => Math.abs(one.data[a + part] - other.data[b + part]) > 40)) count += 1;
    }
  }
  return count;
};
const colours = ({ data }) => {
  const counts = new Map();
  for (const dot of new Uint32Array(data.buffer)) counts.set(dot, (counts.get(dot) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= data.length / 4 / 200).length;
};
Promise.all(pictures.map(dots)).then(([one, other]) => done(other ? differing(one, other) : colours(one)));

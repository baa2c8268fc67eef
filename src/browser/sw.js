// Keeps one version of the site whole, for when there is no network. In front of this, prerender
// writes VERSION and FILES: the path of each file with what must be in it. So no version is ever put
// together from two builds; and each has a cache of its own.
const ours = `${registration.scope}#`;
const own = ours + VERSION;
const address = (path) => new URL(path, registration.scope);

addEventListener("install", (event) => {
  const requests = FILES.map(([path, integrity]) => {
    // A name with a hash in it stands for its content; of all else the host is asked again.
    const cache = /-[0-9a-f]{16}[._]/.test(path) ? "default" : "no-cache";
    return new Request(address(path), { cache, integrity });
  });
  event.waitUntil(caches.open(own).then((cache) => cache.addAll(requests)));
});

// The next version waits until no page shows this one, or until a reader wants it.
addEventListener("message", ({ data }) => {
  if (data === "activate") skipWaiting();
});

addEventListener("activate", (event) => {
  const forget = (name) => name.startsWith(ours) && name !== own && caches.delete(name);
  event.waitUntil(caches.keys().then((names) => Promise.all(names.map(forget))));
});

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(registration.scope)) event.respondWith(answer(event.request));
});

// From the cache, and what isn't in it from the host. What stands behind a question mark is for the
// page itself.
async function answer(request) {
  const { origin, pathname, search } = new URL(request.url);
  const path = origin + pathname.replace(/\/index\.html$/, "/");
  const cache = await caches.open(own);
  const kept = (path) => cache.match(path, { ignoreVary: true });
  const file = await kept(path);
  if (file) return file;
  if (await kept(`${path}/`)) return Response.redirect(`${path}/${search}`);
  return fetch(request);
}

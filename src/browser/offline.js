// Lets the site be kept for when there is no network (sw.js), and installed; says so when a new
// version of it has come. Not for whoever saves data: it fetches the whole site.
(() => {
  const { currentScript: script } = document;
  const { serviceWorker: workers, connection } = navigator;
  if (!workers || !location.protocol.startsWith("http") || connection?.saveData) return;

  // The notice is spoken, too: it comes into a region that was there and empty.
  const offer = (registration) => {
    const region = document.querySelector(".update");
    if (region.children.length > 1) return;
    region.append(region.firstElementChild.content.cloneNode(true));
    const [reload, later] = region.querySelectorAll("button");
    later.addEventListener("click", () => region.lastElementChild.remove());
    reload.addEventListener("click", () => {
      const { waiting } = registration;
      // Another tab may have been first.
      if (!waiting) return location.reload();
      waiting.addEventListener("statechange", () => waiting.state === "activated" && location.reload());
      waiting.postMessage("activate");
    });
  };

  // Named in the page itself, the manifest would be fetched before the page is painted.
  const describe = () => {
    const manifest = document.createElement("link");
    manifest.rel = "manifest";
    manifest.href = script.dataset.manifest;
    document.head.append(manifest);
  };

  const watch = async () => {
    const registration = await workers.register(new URL("sw.js", script.src), { updateViaCache: "none" });
    // A version that replaces none is used at once, and is no news.
    const look = () => registration.waiting && registration.active && offer(registration);
    const follow = () => registration.installing?.addEventListener("statechange", look);
    registration.addEventListener("updatefound", follow);
    follow();
    look();
  };
  // After all that the page itself needs. Without a network, or where workers are refused, the page
  // stays as it is.
  addEventListener("load", () => setTimeout(() => {
    describe();
    watch().catch(() => {});
  }, 1000));
})();

// Measures in the page, with the page's clock. Runs as the body of a function whose arguments
// are a name of `measures`, its arguments, and who wants to know.

const [measure, wishes, done] = arguments;

// ── time ────────────────────────────────────────────────────────
// Effects run as microtasks, a few deep: by then all of them have run.
const settled = async () => { for (let turn = 0; turn < 64; turn++) await null; };
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
// A message that is sent while a frame is being made arrives when it has been painted.
const painted = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); resolve(performance.now()); };
  port2.postMessage(null);
});
const quiet = async () => { for (let frames = 0; frames < 3; frames++) await frame(); };

// Acts at the start of a frame: until the scripts are done, and until the frame is painted.
const timed = async (act) => {
  await frame();
  const start = performance.now();
  act();
  await settled();
  const script = performance.now() - start;
  return { script, paint: await painted() - start };
};

// The time at which something comes to be in the page.
const arrival = (there) => new Promise((resolve) => {
  if (there()) return resolve(performance.now());
  const observer = new MutationObserver(() => {
    if (!there()) return;
    observer.disconnect();
    resolve(performance.now());
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
});

// From one arrival to the next, until all have come; `count` says how many are there.
const arrivals = async (start, count, all) => {
  const times = [];
  let before = start;
  while (times.length < all()) {
    const now = await arrival(() => count() > times.length);
    // What comes together was waited for together.
    times.push(...Array(count() - times.length).fill(now - before));
    before = now;
  }
  return times;
};

// ── the lab ─────────────────────────────────────────────────────
const named = (name) => document.querySelector(`[aria-label="${name}"]`);
const press = (name) => named(name).click();
const jumpTo = async (probe) => {
  const field = named("Jump to probe");
  field.value = probe;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  await quiet();
};
const button = (words) => [...document.querySelectorAll(".lab button")].find((found) => found.textContent.trim() === words);
const rows = () => document.querySelectorAll(".fixes tbody tr").length;
const tried = () => [...document.querySelectorAll(".fixes .lasts")].filter((cell) => cell.textContent !== "…").length;
const verdict = () => document.querySelector('[aria-label="Verdict"] li') !== null;

const measures = {
  // Chooses a radio button by its words, in the group of this name.
  async choose([words, group]) {
    const inputs = document.getElementsByName(group);
    [...inputs].find((input) => input.closest("label").textContent.trim() === words).click();
    return {};
  },

  // At so many places of the walk, so many steps forward and back.
  async steps([places, steps]) {
    const probes = Number(document.querySelector(".scrub input[type=range]").max);
    const found = { forward: [], back: [] };
    for (let place = 0; place < places; place++) {
      await jumpTo(1 + Math.round(place * (probes - 3) / (places - 1)));
      for (let step = 0; step < steps; step++) found.forward.push(await timed(() => press("Step forward")));
      for (let step = 0; step < steps; step++) found.back.push(await timed(() => press("Step back")));
    }
    return found;
  },

  // Over the start and over the end of the failing call, so many times.
  async borders([times]) {
    const found = { forward: [], back: [] };
    for (let time = 0; time < times; time++) {
      press("To the start of this call");
      await quiet();
      for (let step = 0; step < 3; step++) found.back.push(await timed(() => press("Step back")));
      for (let step = 0; step < 3; step++) found.forward.push(await timed(() => press("Step forward")));
      press("To the end of this call");
      await quiet();
      for (let step = 0; step < 2; step++) found.back.push(await timed(() => press("Step back")));
      for (let step = 0; step < 2; step++) found.forward.push(await timed(() => press("Step forward")));
    }
    return found;
  },

  async exhaust() {
    await quiet();
    const start = performance.now();
    button("Until error").click();
    const stands = await arrival(verdict);
    await frame();
    const paint = await painted() - start;
    const times = await arrivals(stands, rows, () => Math.max(1, rows()));
    return { verdict: stands - start, paint, rows: times };
  },

  async fixes() {
    await quiet();
    press("To the end of this call");
    const start = await arrival(verdict);
    const times = await arrivals(start, rows, () => Math.max(1, rows()));
    const holds = await arrivals(performance.now(), tried, rows);
    return { rows: times, holds };
  },

  // On towards the first call, by the earliest one that the timeline offers: so many jumps,
  // of which the first is timed. None when the first call is reached.
  async jump([jumps]) {
    const first = () => document.querySelector("section.time .calls button");
    const there = () => first().getAttribute("aria-current") === "true";
    if (there()) return {};
    const found = await timed(() => first().click());
    for (let jump = 1; jump < jumps && !there(); jump++) {
      first().click();
      await settled();
    }
    return found;
  },
};

measures[measure](wishes).then(done, (error) => done({ error: String(error) }));

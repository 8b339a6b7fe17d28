/**
 * What the page keeps for the bench, as `watch`. Runs in each document before any script of the page. Times are those
 * of `performance.now()`, in milliseconds.
 */
const watch = {
  /** Tasks of 50 ms and more: when they began and how long they took. */
  tasks: [],
  /** Of `paint-lanes`: how long each painting took. */
  lanesMs: [],
  largestPaintAt: 0,
  layoutShift: 0,
  frame: () => new Promise(requestAnimationFrame),
  /** Resolves when all that was begun in this task is done, the frame not yet painted. */
  free: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(0);
    }),
  /** Resolves behind the first frame in which something fits the selector, with the time then. */
  async painted(selector) {
    do await watch.frame();
    while (document.querySelector(selector) === null);
    // What is there when a frame begins is painted by it, and the next task runs behind that.
    await watch.free();
    return performance.now();
  },
  /** When the last byte of an answer came; the path is the end of its address. */
  answeredAt: (path) =>
    performance.getEntriesByType("resource").find(({ name }) => name.endsWith(path)).responseEnd,
};

function observe(type, take) {
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
}

observe("longtask", ({ startTime, duration }) => watch.tasks.push({ at: startTime, ms: duration }));
observe("largest-contentful-paint", ({ startTime }) => {
  watch.largestPaintAt = startTime;
});
observe("layout-shift", ({ value }) => {
  watch.layoutShift += value;
});
observe("measure", ({ name, duration }) => {
  if (name === "paint-lanes") watch.lanesMs.push(duration);
});
globalThis.watch = watch;

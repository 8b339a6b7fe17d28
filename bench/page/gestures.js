/** What somebody does with the page, as `gestures`; runs behind `watch`. */
const { watch } = globalThis;
const FRAMES = 240;
/** Nobody types without a pause, and browsers let no page change its address more often. */
const PAUSE_MS = 120;

function press(key) {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

/** Does a step in each frame: the times between frames, and the tasks of 50 ms and more that began meanwhile. */
async function move(step) {
  const begunAt = performance.now();
  const framesMs = [];
  let last = await watch.frame();
  for (let at = 0; at < FRAMES; at++) {
    step(at);
    const now = await watch.frame();
    framesMs.push(now - last);
    last = now;
  }
  // Long tasks are told a little later.
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return { framesMs, longTasksMs: watch.tasks.filter(({ at }) => at >= begunAt).map(({ ms }) => ms) };
}

globalThis.gestures = {
  /** Scrolls the waterfall by three rows in each frame, in the second half by a hundred. */
  scroll() {
    const scroller = document.querySelector("[role=treegrid]").parentElement;
    return move((frame) => {
      scroller.scrollTop += frame < FRAMES / 2 ? 90 : 3000;
    });
  },

  /** Zooms in, pans there and back, and zooms out again, by a key in each frame. */
  zoom() {
    const keys = ["w", "d", "a", "s"].flatMap((key) => Array(10).fill(key));
    return move((frame) => press(keys[frame % keys.length]));
  },

  /** Types a text letter by letter, three times: the time until scripts are done, and until it is painted. */
  async find(text) {
    const input = document.querySelector("input[aria-label='Find spans']");
    const [scriptsMs, paintedMs] = [[], []];
    input.focus();
    for (let round = 0; round < 3; round++) {
      input.select();
      for (const letter of text) {
        const begunAt = performance.now();
        document.execCommand("insertText", false, letter);
        await watch.free();
        scriptsMs.push(performance.now() - begunAt);
        paintedMs.push((await watch.painted("body")) - begunAt);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
    return { scriptsMs, paintedMs };
  },

  /** Shows and hides the critical path, which paints all lanes anew: how long each painting took. */
  async repaintLanes() {
    watch.lanesMs.length = 0;
    for (let round = 0; round < 40; round++) {
      press("c");
      await watch.painted("body");
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return watch.lanesMs;
  },

  /** Pastes an id into the omnibox, which is open, and goes there: the time from the paste to the trace's rows. */
  async jump(id) {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", id);
    const begunAt = performance.now();
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    document.execCommand("insertText", false, id);
    await watch.free();
    press("Enter");
    return (await watch.painted("[role=treegrid] [role=row]")) - begunAt;
  },

  /** From now on: trace ids that begin so, with the time of the Unix epoch at which their row was painted. */
  lookFor(beginning) {
    const seen = new Map();
    new MutationObserver(() => {
      const rows = [...document.querySelectorAll(`[data-trace^="${beginning}"]`)];
      const fresh = rows.map((row) => row.dataset.trace).filter((id) => !seen.has(id));
      if (fresh.length === 0) return;
      void watch.painted("body").then(() => {
        for (const id of fresh) if (!seen.has(id)) seen.set(id, Date.now());
      });
    }).observe(document.body, { childList: true, subtree: true });
    globalThis.gestures.seen = () => [...seen];
  },
};

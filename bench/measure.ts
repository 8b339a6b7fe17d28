import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second for every program. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 100;

interface Stat {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

const PAGE_BYTES = 4096;

/** Reads `/proc/PATH/stat` of a process or a thread; undefined when it is gone. */
function statOf(path: string): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${path}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may contain anything; the fields after it are plain.
  const close = text.lastIndexOf(")");
  const fields = text
    .slice(close + 2)
    .split(" ")
    .map(Number);
  // User and system time. Children that ended are left out: the engine lives as long as the server.
  const ticks = fields[11]! + fields[12]!;
  return {
    pid: Number.parseInt(text, 10),
    name: text.slice(text.indexOf("(") + 1, close),
    parent: fields[1]!,
    cpuSeconds: ticks / TICKS_PER_SECOND,
    rssBytes: fields[21]! * PAGE_BYTES,
  };
}

/** A process and everything below it. Linux only. */
function treeOf(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(name))
    .filter((stat) => stat !== undefined);
  const tree = all.filter((stat) => stat.pid === root);
  for (let i = 0; i < tree.length; i++) {
    tree.push(...all.filter((stat) => stat.parent === tree[i]!.pid));
  }
  return tree;
}

/** Processor time of a process tree from the moment this is made. */
export class CpuMeter {
  readonly #root: number;
  readonly #cpuSeconds: number;
  readonly #parts: Record<CpuPart, number>;

  constructor(root: number) {
    this.#root = root;
    this.#cpuSeconds = cpuSecondsOf(root);
    this.#parts = cpuPartsOf(root);
  }

  /** Microseconds for each of so many spans, and which part of the server used them. */
  perSpan(spans: number): { readonly value: number; readonly note: string } {
    const micros = (seconds: number): number => (seconds / spans) * 1e6;
    const parts = Object.entries(cpuPartsOf(this.#root)).map(
      ([part, seconds]) => `${part} ${micros(seconds - this.#parts[part as CpuPart]).toFixed(1)}`,
    );
    return { value: micros(cpuSecondsOf(this.#root) - this.#cpuSeconds), note: parts.join(", ") };
  }
}

/** Processor time that a process and those below it have used, all threads, in seconds. */
export function cpuSecondsOf(root: number): number {
  return treeOf(root).reduce((sum, stat) => sum + stat.cpuSeconds, 0);
}

/** Where the time goes: the server's event loop, its worker, V8's own threads, file access, the engine. */
type CpuPart = "main" | "worker" | "v8" | "files" | "engine";

const THREADS: Readonly<Record<string, CpuPart>> = {
  MainThread: "main",
  node: "main",
  WorkerThread: "worker",
  V8Worker: "v8",
  "libuv-worker": "files",
};

/** The same by part, in seconds. Threads that ended are left out, so the sum can be less than the whole. */
function cpuPartsOf(root: number): Record<CpuPart, number> {
  const parts = { main: 0, worker: 0, v8: 0, files: 0, engine: 0 };
  for (const { pid, cpuSeconds } of treeOf(root)) {
    if (pid !== root) {
      parts.engine += cpuSeconds;
      continue;
    }
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = statOf(`${pid}/task/${thread}`);
      const part = stat && THREADS[stat.name];
      if (part !== undefined) parts[part] += stat!.cpuSeconds;
    }
  }
  return parts;
}

export interface Memory {
  /** Resident memory added up; pages that processes share count in each. */
  readonly rssBytes: number;
  /** Shared pages divided among those that share them. */
  readonly pssBytes: number;
}

export function memoryOf(root: number): Memory {
  let rssBytes = 0;
  let pssBytes = 0;
  for (const { pid, rssBytes: rss } of treeOf(root)) {
    rssBytes += rss;
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
      pssBytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
    } catch {
      pssBytes += rss;
    }
  }
  return { rssBytes, pssBytes };
}

/** Watches the resident memory of a process tree until stopped. */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #peakBytes = 0;

  constructor(root: number) {
    const sample = (): void => {
      const bytes = treeOf(root).reduce((sum, stat) => sum + stat.rssBytes, 0);
      this.#peakBytes = Math.max(this.#peakBytes, bytes);
    };
    sample();
    this.#timer = setInterval(sample, SAMPLE_MS);
  }

  /** Ends the watch; the largest sum seen. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peakBytes;
  }
}

import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second for every program. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

const PAGE_BYTES = 4096;

/** Reads `/proc/PID/stat`; undefined when the process is gone. */
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may contain anything; the fields after it are plain.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  // User and system time, and those of children that have ended.
  const ticks = fields[11]! + fields[12]! + fields[13]! + fields[14]!;
  return { pid, parent, cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes: fields[21]! * PAGE_BYTES };
}

/** A process and everything below it. Linux only. */
function treeOf(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined);
  const tree = all.filter((stat) => stat.pid === root);
  for (let i = 0; i < tree.length; i++) {
    tree.push(...all.filter((stat) => stat.parent === tree[i]!.pid));
  }
  return tree;
}

/** Processor time that a process and those below it have used, all threads, in seconds. */
export function cpuSecondsOf(root: number): number {
  return treeOf(root).reduce((sum, stat) => sum + stat.cpuSeconds, 0);
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

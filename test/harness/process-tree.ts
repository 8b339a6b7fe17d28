import { readdirSync, readFileSync } from "node:fs";

/** One process as `/proc` shows it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** `R`, `S`, `T` stopped, `Z` ended but not waited for, and so on. */
  readonly state: string;
  readonly command: string;
}

function read(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may contain anything.
    const [state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parent: Number(parent), state, command };
  } catch {
    return undefined;
  }
}

function allProcesses(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => read(Number(name)))
    .filter((found) => found !== undefined);
}

/** The process and everything below it, parents first; empty when it is gone. */
export function processTree(pid: number): ProcessInfo[] {
  const all = allProcesses();
  const found = all.filter((each) => each.pid === pid && each.state !== "Z");
  for (let at = 0; at < found.length; at++) {
    found.push(...all.filter((each) => each.parent === found[at]!.pid && each.state !== "Z"));
  }
  return found;
}

/** Processes that run and name `text` in their command line, e.g. a data folder. */
export function processesNaming(text: string): ProcessInfo[] {
  return allProcesses().filter(
    ({ pid, state, command }) => pid !== process.pid && state !== "Z" && command.includes(text),
  );
}

export function isRunning(pid: number): boolean {
  const found = read(pid);
  return found !== undefined && found.state !== "Z";
}

/** Resident memory in bytes: of one process, or of it and all below it. */
export function residentBytes(pid: number, withChildren = false): number {
  const pids = withChildren ? processTree(pid).map((each) => each.pid) : [pid];
  return pids.reduce((sum, each) => sum + residentOf(each), 0);
}

function residentOf(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Sends a signal; false when the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

import { readdirSync, readFileSync } from "node:fs";
import type { Family } from "./family.ts";

const startedS = Date.now() / 1000 - process.uptime();

/** The server's own process, by the names that all exporters use; what only Linux tells is left out elsewhere. */
export function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const openFiles = ifThere(() => readdirSync("/proc/self/fd").length);
  const maxFiles = ifThere(() =>
    Number(/^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]),
  );
  return [
    {
      kind: "counter",
      name: "process_cpu_seconds",
      help: "Processor time of the server's process, without the engine.",
      labels: [],
      series: [[[], (user + system) / 1e6]],
    },
    gauge("process_resident_memory_bytes", "Memory of the server's process, without the engine.", rss),
    gauge("process_start_time_seconds", "When the process started, since the Unix epoch.", startedS),
    gauge("process_open_fds", "Open file descriptors.", openFiles),
    gauge("process_max_fds", "Most file descriptors that may be open.", maxFiles),
    gauge("nodejs_heap_size_used_bytes", "Memory that JavaScript objects take.", heapUsed),
    gauge("nodejs_heap_size_total_bytes", "Memory set aside for JavaScript objects.", heapTotal),
    gauge("nodejs_external_memory_bytes", "Memory outside the heap that its objects hold.", external),
  ];
}

function gauge(name: string, help: string, value: number | undefined): Family {
  return { kind: "gauge", name, help, labels: [], series: value === undefined ? [] : [[[], value]] };
}

function ifThere(read: () => number): number | undefined {
  try {
    const value = read();
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

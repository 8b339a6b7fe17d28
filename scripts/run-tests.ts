import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, matchesGlob, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "node:test";
import { spec, type TestEvent } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brief, type Counts, counting, summaryLine } from "./test-report.ts";

/** Tests of libraries that a checkout does without; `npm run test:libraries` installs them first. */
const LIBRARIES = "test/libraries/**/*.test.ts";
/** Tests with Python and its libraries, which they install with pip into a cache. */
const PYTHON = "test/python/**/*.test.ts";
/** Tests of Node and Python together, over brokers that they fetch. */
const INTEROP = "test/interop/**/*.test.ts";
/** Whole-system tests come first: they take longest, so nothing waits for them at the end. */
const TESTS = ["test/**/*.test.ts", "packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"];
const DEFAULT_IDLE_S = 300;

/** `own` needs nothing that a checkout does not have. */
type TestKind = "own" | "libraries" | "python" | "interop";

/**
 * Test files of one kind, relative to the repository, that contain or match one of the patterns; all without one.
 */
export function testFiles(patterns: readonly string[], root: string, kind: TestKind = "own"): string[] {
  const globs = { own: TESTS, libraries: [LIBRARIES], python: [PYTHON], interop: [INTEROP] }[kind];
  const others =
    kind === "own" ? ["test/libraries/**", "test/python/**", "test/interop/**"] : ["**/node_modules/**"];
  const all = globs.flatMap((glob) => globSync(glob, { cwd: root, exclude: others }).sort());
  if (patterns.length === 0) return all;
  return all.filter((file) =>
    patterns.some((pattern) => file.includes(pattern.replace(/^\.\//, "")) || matchesGlob(file, pattern)),
  );
}

/** Ends a run in which nothing happens any more, and names the files that it waits for. */
async function* watched(
  events: AsyncIterable<TestEvent>,
  idleMs: number,
  stop: (running: string[]) => void,
): AsyncGenerator<TestEvent> {
  const running = new Set<string>();
  const timer = setTimeout(() => stop([...running]), idleMs);
  for await (const event of events) {
    timer.refresh();
    const { data, type } = event;
    if (type === "test:dequeue" && data.name === data.file) running.add(data.name);
    if (type === "test:complete" && data.name === data.file) running.delete(data.name);
    yield event;
  }
  clearTimeout(timer);
}

/** Sets the exit code: 1 when a test failed or nothing ran. */
export async function runTests(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      name: { type: "string", multiple: true },
      idle: { type: "string" },
      libraries: { type: "boolean" },
      python: { type: "boolean" },
      interop: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const root = fileURLToPath(new URL("..", import.meta.url));
  const kind = (["libraries", "python", "interop"] as const).find((each) => values[each]) ?? "own";
  const files = testFiles(positionals, root, kind);
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const stopping = new AbortController();
  const stop = (running: string[]): void => {
    console.error(
      `Stopped: nothing happens any more in ${running.map((file) => relative(root, file)).join(", ")}`,
    );
    stopping.abort();
  };
  const events = run({
    cwd: root,
    files: files.map((file) => join(root, file)),
    concurrency: Math.min(2, availableParallelism()),
    signal: stopping.signal,
    ...(values.name ? { testNamePatterns: values.name.map((name) => new RegExp(name)) } : {}),
  });
  await pipeline(
    events,
    (source: AsyncIterable<TestEvent>) => watched(source, 1000 * Number(values.idle ?? DEFAULT_IDLE_S), stop),
    (source: AsyncIterable<TestEvent>) => counting(source, counts),
    process.stdout.isTTY ? new spec() : (source: AsyncIterable<TestEvent>) => brief(source, root),
    process.stdout,
    { end: false },
  );
  if (files.length === 0) console.error(`No test file matches ${positionals.join(" ")}`);
  console.log(`\n${summaryLine(counts)}`);
  const ran = counts.passed + (kind === "python" || kind === "interop" ? counts.skipped : 0);
  process.exitCode = counts.failed === 0 && ran > 0 && !stopping.signal.aborted ? 0 : 1;
}

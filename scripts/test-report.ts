import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

type Result = Extract<TestEvent, { type: "test:pass" | "test:fail" }>;

/** A file's own result, as opposed to one of a test in it. */
function isFile(event: Result): boolean {
  return event.data.nesting === 0 && event.data.name === event.data.file;
}

/** Why the test itself failed; undefined where it failed only because a test inside it did. */
function ownFailure(event: Result): Error | undefined {
  if (event.type === "test:pass") return undefined;
  const { error } = event.data.details;
  return "failureType" in error && error.failureType === "subtestsFailed" ? undefined : error;
}

/**
 * Passes events on and counts them: tests, not suites; a file that cannot be run or ends badly is one
 * failure, unless a test in it has failed already; `todo` counts as skipped.
 */
export async function* counting(events: AsyncIterable<TestEvent>, counts: Counts): AsyncGenerator<TestEvent> {
  const broken = new Set<string>();
  for await (const event of events) {
    yield event;
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { data } = event;
    const file = data.file ?? "";
    if (isFile(event)) {
      if (event.type === "test:fail" && !broken.has(file)) counts.failed++;
    } else if (event.type === "test:fail") {
      if (!ownFailure(event)) continue;
      broken.add(file);
      counts.failed++;
    } else if (data.details.type !== "suite") {
      if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
      else counts.passed++;
    }
  }
}

/** The line that ends a test run. */
export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** One line per file, failures in full, and what a file printed only when something in it failed. */
export async function* brief(events: AsyncIterable<TestEvent>, root: string): AsyncGenerator<string> {
  const output = new Map<string, string>();
  const path = new Map<string, string[]>();
  const failed = new Set<string>();
  for await (const event of events) {
    const file = event.data && "file" in event.data ? (event.data.file ?? "") : "";
    if (event.type === "test:stdout" || event.type === "test:stderr") {
      output.set(file, (output.get(file) ?? "") + event.data.message);
    } else if (event.type === "test:start") {
      path.set(file, [...(path.get(file) ?? []).slice(0, event.data.nesting), event.data.name]);
    } else if (event.type === "test:fail") {
      const error = ownFailure(event);
      if (isFile(event) ? failed.has(file) : !error) continue;
      failed.add(file);
      const title = isFile(event)
        ? ""
        : `: ${(path.get(file) ?? []).slice(0, event.data.nesting + 1).join(" > ")}`;
      yield `FAILED ${relative(root, file)}:${event.data.line ?? 0}${title}\n`;
      yield `${indent(reason(error))}\n`;
      if (isFile(event)) yield indent(output.get(file) ?? "");
    } else if (event.type === "test:summary" && event.data.file) {
      const { counts, duration_ms } = event.data;
      const word = event.data.success ? "ok    " : "FAILED";
      const skipped = counts.skipped + counts.todo > 0 ? `, ${counts.skipped + counts.todo} skipped` : "";
      yield `${word} ${relative(root, event.data.file)}  ${counts.passed}/${counts.tests}${skipped}  ${(duration_ms / 1000).toFixed(1)} s\n`;
      if (!event.data.success && output.has(file)) yield `${indent(output.get(file) ?? "")}\n`;
    }
  }
}

function reason(error: Error | undefined): string {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? inspect(cause) : String(cause);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { LogItem } from "@clew/protocol/api/logs";
import { parseLogFilter } from "@clew/protocol/log-query/parse-log-filter";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { ingest } from "../testing/ingest.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { listLogs } from "./list-logs.ts";
import type { LogCursor } from "./log-cursor.ts";
import { LOG_FILTERS } from "./testing/log-filters.ts";
import { takes } from "./testing/naive-log-filter.ts";
import { logsDataOf, momentOf } from "./testing/plain-log.ts";
import { randomLogs } from "./testing/random-logs.ts";

const LOGS = randomLogs(7, 3000);
let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
  for (let at = 0; at < LOGS.length; at += 1000) {
    await ingest(opened.store, "logs", logsDataOf(LOGS.slice(at, at + 1000)));
  }
  // Sent again later than anybody remembers.
  await ingest(opened.store, "logs", logsDataOf(LOGS.slice(0, 500)));
});

after(() => opened?.close());

async function all(query: string): Promise<LogItem[]> {
  const items: LogItem[] = [];
  let next: LogCursor | undefined;
  do {
    const page = await listLogs(opened.store, { query, limit: 1000, ...(next && { after: next }) });
    assert.equal(page.partial, undefined);
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return items;
}

function indexOf({ attributes }: LogItem): number {
  return Number(attributes.find(({ key }) => key === "index")?.value?.intValue);
}

for (const query of LOG_FILTERS) {
  test(`${query} finds what it means, newest first, each once`, async () => {
    const condition = parseLogFilter(query);
    const expected = LOGS.flatMap((log, index) => (takes(condition, log) ? [index] : []));
    const found = await all(query);
    assert.deepEqual(
      found.map(indexOf).toSorted((a, b) => a - b),
      expected,
    );
    const times = found.map(({ timeNanos }) => BigInt(timeNanos));
    assert.deepEqual(
      times,
      expected.map((index) => momentOf(LOGS[index]!)).toSorted((a, b) => (a < b ? 1 : -1)),
    );
  });
}

test("the filters find something of everything", () => {
  const counts = LOG_FILTERS.map((query) => LOGS.filter((log) => takes(parseLogFilter(query), log)).length);
  assert.ok(counts.filter((count) => count > 0 && count < LOGS.length).length >= 90, counts.join());
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { evaluateSearch } from "@clew/protocol/traceql/naive/evaluate-search";
import type { PlainTrace } from "@clew/protocol/traceql/naive/plain-trace";
import { parse } from "@clew/protocol/traceql/parse";
import { seededRandom } from "@clew/protocol/traceql/testing/seeded-random";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { valueKey } from "@clew/protocol/traceql/value";
import { searchTraces } from "./search-traces.ts";
import { type OddStore, openOddStore } from "./testing/odd-store.ts";
import { randomSearch } from "./testing/random-search.ts";
import { SEARCH_QUERIES } from "./testing/search-queries.ts";

const SEED = 20_261;
const TRACES = 5000;
const RANDOM_QUERIES = 30;

let opened: OddStore;
let newestFirst: readonly PlainTrace[];

before(async () => {
  opened = await openOddStore(SEED, TRACES);
  newestFirst = opened.traces.toReversed();
});

after(() => opened?.close());

/** How many of the newest traces are compared; every tenth query is answered whole. */
function limitOf(index: number): number {
  return index % 10 === 0 ? TRACES + 1 : 200;
}

/** Trace by trace, newest first: the spans of each spanset, and what they are grouped by. */
async function found(text: string, limit: number): Promise<string[]> {
  const request = { query: text, limit, spansShown: TRACES, timeoutMs: 60_000 };
  const { matches, partial } = await searchTraces(opened.store, request);
  assert.equal(partial, undefined, text);
  return matches.map(({ traceId, spansets }) =>
    line(
      traceId,
      spansets.map(({ spans, groups }) => ({
        ids: spans.map(({ spanId }) => spanId),
        keys: groups.map(({ value }) => valueKey(value)),
      })),
    ),
  );
}

function expected(text: string, limit: number): string[] {
  const query = parse(text);
  assert.ok(query.kind === "search");
  const lines: string[] = [];
  for (const trace of newestFirst) {
    for (const { traceId, spansets } of evaluateSearch(query, [trace])) {
      lines.push(
        line(
          traceId,
          spansets.map(({ spanIds, groups }) => ({ ids: spanIds, keys: groups.map(valueKey) })),
        ),
      );
    }
    if (lines.length === limit) break;
  }
  return lines;
}

function line(traceId: string, sets: readonly { ids: readonly string[]; keys: readonly string[] }[]): string {
  const texts = sets.map(({ ids, keys }) => `${keys.join()}:${ids.toSorted().join()}`);
  return `${traceId} ${texts.toSorted().join(" ")}`;
}

/** Compares all answers, two at a time; tells which queries are answered otherwise. */
async function compareAll(
  queries: readonly string[],
): Promise<{ readonly differing: string[]; readonly telling: number }> {
  const differing: string[] = [];
  let telling = 0;
  const left = [...queries.entries()];
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [index, text] = next;
      const limit = limitOf(index);
      const answer = await found(text, limit).catch((error: unknown) => [String(error)]);
      const wanted = expected(text, limit);
      if (wanted.length > 0 && wanted.length < TRACES) telling += 1;
      const at = wanted.findIndex((one, place) => one !== answer[place]);
      if (answer.length === wanted.length && at === -1) continue;
      differing.push(
        `${text}\n    finds  ${answer[at === -1 ? wanted.length : at]}\n    not    ${wanted[at]}`,
      );
    }
  };
  await Promise.all([work(), work()]);
  return { differing, telling };
}

test("the store answers as the evaluator does, query by query", { timeout: 300_000 }, async () => {
  const { differing, telling } = await compareAll(SEARCH_QUERIES);
  assert.deepEqual(differing, []);
  assert.ok(telling > SEARCH_QUERIES.length * 0.8, `only ${telling} queries find some traces and not all`);
});

test("random queries are answered as the evaluator does", { timeout: 300_000 }, async () => {
  const random = seededRandom(SEED);
  const queries: string[] = [];
  while (queries.length < RANDOM_QUERIES) {
    const text = randomSearch(random, random.below(4));
    if (isValid(text)) queries.push(text);
  }
  const { differing, telling } = await compareAll(queries);
  assert.deepEqual(differing, []);
  assert.ok(telling > RANDOM_QUERIES / 2, `only ${telling} queries find some traces and not all`);
});

function isValid(text: string): boolean {
  try {
    return parse(text).kind === "search";
  } catch (error) {
    if (error instanceof TraceQlError) return false;
    throw error;
  }
}

import { readFileSync } from "node:fs";
import type { SearchAnswer } from "@clew/protocol/api/search";
import { expect, type Question } from "./ask-all.ts";
import type { ServerProcess } from "./server-process.ts";

const RED = readFileSync(new URL("./red.sql", import.meta.url), "utf8");
const RESPONSE_IDS = `
  SELECT DISTINCT attributes['gen_ai.response.id'] AS id
  FROM (SELECT attributes FROM spans WHERE mapContains(attributes, 'gen_ai.response.id') LIMIT 20000)
  LIMIT 200`;

/** What people and their tools ask of a store: one trace, lists, figures, TraceQL. */
export async function questionsTo(server: ServerProcess): Promise<Question[]> {
  return [...listQuestions(server), ...(await searchQuestions(server))];
}

function listQuestions({ api, engine }: ServerProcess): Question[] {
  return [
    {
      name: "by-id",
      async ask(trace) {
        const { n } = await api.trace(trace.traceId);
        expect(n === trace.spans, `${n} of ${trace.spans} spans`);
      },
    },
    {
      name: "by-session",
      async ask(trace) {
        const { items } = await api.traces({ session: trace.session });
        expect(
          items.some(({ traceId }) => traceId === trace.traceId),
          "the trace is not among its session's",
        );
      },
    },
    {
      name: "newest",
      async ask() {
        const { items } = await api.traces({ limit: 50 });
        expect(items.length === 50, `${items.length} traces`);
      },
    },
    {
      name: "red",
      async ask() {
        const to = Math.ceil(Date.now() / 1000);
        const rows = await engine.query<{ calls: number }>(RED, { from: to - 86_400, to });
        expect(rows.length > 1000, `${rows.length} buckets`);
      },
    },
  ];
}

async function searchQuestions({ api, engine }: ServerProcess): Promise<Question[]> {
  const ids = (await engine.query<{ id: string }>(RESPONSE_IDS, {})).map(({ id }) => id);
  let next = 0;
  return [
    {
      name: "attribute",
      async ask(trace) {
        const { items, partial } = await api.search({
          q: `{ span.task.id = "${trace.task}" }`,
          from: "now-25h",
          limit: 20,
        });
        const found = items.some(({ traceId }) => traceId === trace.traceId);
        expect(found && partial === undefined, `${items.length} traces, ${partial?.reason}`);
      },
    },
    {
      name: "attribute-often",
      async ask() {
        const id = ids[next++ % ids.length]!;
        const q = `{ span.gen_ai.response.id = "${id}" }`;
        expectNewest(await api.search({ q, from: "now-25h", limit: 20 }));
      },
    },
    {
      name: "structure",
      async ask() {
        const q = '{ agent:name = "planner" } >> { status = error && agent:type = "tool" }';
        expectNewest(await api.search({ q, from: "now-1h" }));
      },
    },
    {
      name: "rate-by-agent",
      async ask() {
        const { series, partial } = await api.metrics({
          q: "{ } | rate() by (agent:name)",
          from: "now-24h",
        });
        expect(series.length >= 8 && partial === undefined, `${series.length} series, ${partial?.reason}`);
      },
    },
  ];
}

function expectNewest({ items, partial }: SearchAnswer): void {
  expect(items.length > 0 && partial === undefined, `${items.length} traces, ${partial?.reason}`);
  const isInOrder = items.every(({ startMs }, i) => i === 0 || startMs <= items[i - 1]!.startMs);
  expect(isInOrder, "the newest are not first");
}

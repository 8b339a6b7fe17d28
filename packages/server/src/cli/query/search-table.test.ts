import assert from "node:assert/strict";
import { test } from "node:test";
import type { MatchedSpan, SearchItem, SpanSet } from "@clew/protocol/api/search";
import { assertGolden } from "../fixtures/golden.ts";
import type { Screen } from "../screen/screen.ts";
import { textWidth } from "../screen/text-width.ts";
import { searchTable } from "./search-table.ts";

const NOON = new Date(2026, 10, 21, 12, 1, 4).getTime();
const SCREEN: Screen = { width: 110, color: false, unicode: true, isTerminal: true };

function span(changes: Partial<MatchedSpan>): MatchedSpan {
  const times = { startNanos: "0", startMs: NOON, durMs: 412 };
  return {
    spanId: "00f067aa0ba902b7",
    name: "chat gpt-5.1",
    service: "researcher",
    attributes: [],
    ...times,
    ...changes,
  };
}

function item(traceId: string, spanSets: readonly SpanSet[], spanSetCount = spanSets.length): SearchItem {
  return {
    traceId,
    rootName: "invoke_agent orchestrator",
    rootService: "orchestrator",
    rootMissing: false,
    isRunning: false,
    rootStatus: "unset",
    startNanos: "0",
    startMs: NOON,
    durMs: 41_200,
    status: "error",
    agents: ["orchestrator", "researcher"],
    services: ["orchestrator", "researcher"],
    models: [],
    spanCount: 312,
    errorCount: 1,
    llmCalls: 14,
    toolCalls: 9,
    tokens: { input: 60_000, output: 2100, cacheRead: 0 },
    costUsd: 0.41,
    spanSets,
    spanSetCount,
  };
}

const ITEMS = [
  item("0af7651916cd43dd8448eb211c80319c", [
    {
      matched: 12,
      attributes: [],
      spans: [
        span({
          attributes: [
            { key: "agent:tokens", value: { intValue: "1280" } },
            { key: "duration", value: { stringValue: "412ms" } },
          ],
        }),
        span({ name: "\u001b[2Jclear \u202ener 查询", service: "", durMs: 0.003 }),
        span({ name: "long ".repeat(60) }),
      ],
    },
  ]),
  item(
    "1bf7651916cd43dd8448eb211c80319c",
    [
      {
        matched: 1,
        attributes: [{ key: "by(.region)", value: { stringValue: "eu" } }],
        spans: [
          span({ attributes: [{ key: ".tags", value: { arrayValue: { values: [{ stringValue: "x" }] } } }] }),
        ],
      },
      {
        matched: 2,
        attributes: [{ key: "by(.region)" }, { key: "by(kind)", value: { stringValue: "client" } }],
        spans: [],
      },
    ],
    8,
  ),
];

test("matching spans stand below their trace, by what they are grouped by", () => {
  assertGolden("query", searchTable(ITEMS, SCREEN, NOON));
});

test("everything fits a narrow terminal, and nothing steers it", () => {
  for (const width of [60, 80]) {
    for (const line of searchTable(ITEMS, { ...SCREEN, width, unicode: false }, NOON)) {
      assert.ok(textWidth(line) <= width, line);
      assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e]/u);
    }
  }
});

test("away from a terminal a trace is a line", () => {
  assert.equal(searchTable(ITEMS, { ...SCREEN, isTerminal: false }, NOON).length, 1 + ITEMS.length);
});

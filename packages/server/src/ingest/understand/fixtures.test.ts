import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { messagesOf } from "@clew/protocol/genai/messages-of";
import { toolCallOf } from "@clew/protocol/genai/tool-call";
import type { LogRecord, LogsData, Span, TracesData } from "@clew/protocol/otlp/model";
import { contentKey } from "./keys.ts";
import { slotsOf } from "./plain-encoder.ts";
import { createUnderstand, newUnderstood } from "./understand.ts";

const FIXTURES = new URL("./fixtures/", import.meta.url);
const understand = createUnderstand();

/** What both halves make of a span; what is empty is left out, so that a golden file shows what was found. */
function reading(span: Span, scopeName: string, logs: readonly LogRecord[]): unknown {
  const out = newUnderstood();
  const startUnixMs = Number(BigInt(span.startTimeUnixNano ?? "0") / 1_000_000n);
  understand(slotsOf(span.attributes ?? []), span.name ?? "", scopeName, out, startUnixMs);
  const own = logs.filter((log) => log.spanId === span.spanId);
  const genAiSpan = { ...span, scopeName };
  return {
    name: span.name,
    understood: filled(out),
    messages: filled(messagesOf(genAiSpan, own)),
    toolCall: toolCallOf(genAiSpan),
  };
}

function filled(fields: object): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

for (const file of readdirSync(FIXTURES).filter(
  (name) => !name.endsWith(".golden.json") && name.endsWith(".json"),
)) {
  const data = JSON.parse(readFileSync(new URL(file, FIXTURES), "utf8")) as TracesData & LogsData;
  const logs = (data.resourceLogs ?? []).flatMap((group) =>
    (group.scopeLogs ?? []).flatMap((s) => s.logRecords ?? []),
  );
  const scopes = (data.resourceSpans ?? []).flatMap((group) => group.scopeSpans ?? []);

  test(`spans of ${file} are understood as its golden file says`, () => {
    const golden = new URL(file.replace(".json", ".golden.json"), FIXTURES);
    const found = scopes.flatMap(({ scope, spans }) =>
      (spans ?? []).map((span) => reading(span, scope?.name ?? "", logs)),
    );
    const text = `${JSON.stringify(found, null, 1)}\n`;
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
    assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(golden, "utf8")));
  });

  test(`messages and tool payloads of ${file} are content`, () => {
    const keys = scopes.flatMap(({ spans }) => spans ?? []).flatMap((span) => span.attributes ?? []);
    const outside = keys.filter(
      ({ key = "" }) =>
        /(messages|prompt\.|completion\.|\.arguments|\.result|[iI]nputs?$|[oO]utputs?$|\.(input|output)\.value)/.test(
          key,
        ) && !contentKey(key),
    );
    assert.deepEqual(
      outside.map(({ key }) => key).filter((key) => !/usage|operation/.test(key ?? "")),
      [],
    );
  });
}

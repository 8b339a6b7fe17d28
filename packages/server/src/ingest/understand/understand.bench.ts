/**
 * What understanding a span costs, printed as nanoseconds per call: `node understand.bench.ts`. Budget: 300 ns
 * for a span with ids only, 1 µs for a model call.
 */
import { readFileSync } from "node:fs";
import type { TracesData } from "@clew/protocol/otlp/model";
import { slotsOf } from "./plain-encoder.ts";
import { createUnderstand, newUnderstood } from "./understand.ts";

const CALLS = 2_000_000;
const understand = createUnderstand();
const out = newUnderstood();

function spans(file: string) {
  const url = new URL(`./fixtures/${file}.json`, import.meta.url);
  const data = JSON.parse(readFileSync(url, "utf8")) as TracesData;
  return (data.resourceSpans ?? []).flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap(({ scope, spans: list = [] }) =>
      list.map((span) => ({ span, scopeName: scope?.name ?? "" })),
    ),
  );
}

function measure(label: string, slots: (string | undefined)[], spanName: string, scopeName: string): void {
  for (let i = 0; i < 200_000; i++) understand(slots, spanName, scopeName, out);
  const start = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) understand(slots, spanName, scopeName, out);
  const perCall = Number(process.hrtime.bigint() - start) / CALLS;
  process.stdout.write(`${perCall.toFixed(0).padStart(6)} ns  ${label}\n`);
}

const ids = ["session.id", "task.id", "test.case.id", "test.case.name", "test.suite.run.id", "user.id"];
const idSlots = slotsOf(ids.map((key) => ({ key, value: { stringValue: `${key}-value` } })));
measure("span with correlation ids only", idSlots, "GET /", "http");
for (const file of ["otel-genai", "openinference", "vercel-ai-sdk", "langfuse", "langsmith", "mlflow"]) {
  for (const { span, scopeName } of spans(file)) {
    measure(`${file}: ${span.name}`, slotsOf(span.attributes ?? []), span.name ?? "", scopeName);
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { OtlpCollector } from "./harness/otlp-collector.ts";
import { runPreloaded } from "./harness/preloaded-process.ts";

test("a span that takes seconds is told while it runs, also when the program is killed then", async () => {
  await using collector = await OtlpCollector.start();
  const source = `
const { trace } = globalThis[Symbol.for("opentelemetry.js.api.1")];
const tracer = trace.getTracer("test");
tracer.startSpan("slow", { attributes: { "session.id": "s1" } });
setTimeout(() => tracer.startSpan("quick").end(), 100);
setInterval(() => {}, 1000);
setTimeout(() => console.log("late"), 3600);`;
  const { signal } = await runPreloaded(source, {
    endpoint: collector.endpoint,
    onOutput: (child) => child.kill("SIGKILL"),
  });
  assert.equal(signal, "SIGKILL");
  assert.deepEqual(
    collector.spans.map(({ name, endTimeUnixNano, attributes }) => [
      name,
      endTimeUnixNano !== undefined,
      attributes["clew.running"],
      attributes["session.id"],
    ]),
    [
      ["quick", true, undefined, undefined],
      ["slow", false, true, "s1"],
    ],
  );
});

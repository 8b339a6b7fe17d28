// Makes spans like an agent's and prints the processor time of one in microseconds. Run by scenarios/preload.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { SpanKind, trace } from "@opentelemetry/api";

const ROUNDS = Number(process.argv[2]);
const SPANS_A_ROUND = 250;
const PAUSE_MS = 5;
/** Longer than exporters wait for more. */
const DRAIN_MS = 5500;

const tracer = trace.getTracer("bench", "1.0.0");

function modelCall() {
  const span = tracer.startSpan("chat gpt-5", {
    kind: SpanKind.CLIENT,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5",
      "server.address": "api.openai.com",
      "server.port": 443,
    },
  });
  span.setAttribute("gen_ai.response.id", "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT");
  span.setAttribute("gen_ai.response.model", "gpt-5-2025-08-07");
  span.setAttribute("gen_ai.response.finish_reasons", ["stop"]);
  span.setAttribute("gen_ai.usage.input_tokens", 1200);
  span.setAttribute("gen_ai.usage.output_tokens", 321);
  span.setAttribute("gen_ai.usage.cache_read.input_tokens", 1024);
  span.end();
}

async function work(rounds) {
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < SPANS_A_ROUND; index += 1) modelCall();
    await sleep(PAUSE_MS);
  }
}

await work(20);
await sleep(DRAIN_MS);
const before = process.cpuUsage();
await work(ROUNDS);
await sleep(DRAIN_MS);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / (ROUNDS * SPANS_A_ROUND));

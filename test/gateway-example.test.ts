import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePorts } from "./harness/broker.ts";
import { Example, spansOf, tracesOf } from "./harness/example.ts";
import { GatewayProcess } from "./harness/gateway-process.ts";
import { outputOf } from "./harness/output-of.ts";
import { ServerProcess, serveEnvironment, temporaryFolder } from "./harness/server-process.ts";
import { assertTenSpans, type Picture } from "./harness/ten-spans.ts";

const START = fileURLToPath(new URL("../examples/start", import.meta.url));
const CONFIG = fileURLToPath(new URL("../examples/gateway/clew.yaml", import.meta.url));
const NAMES = ["GATEWAY", "MODEL", "MAIN", "SUPPORT", "ORDERS", "PAYMENT", "TECH", "INVENTORY"];
const ANSWER =
  "main-agent: Order 1001 was charged 1 time. We looked into it: the account was locked and is open again. Order 1001 arrives tomorrow.";

/** Six calls of agents and services, eight of the model; each is a SERVER and a CLIENT span of the gateway. */
const CALLS = 14;
/** Six requests served, five sent to each other, eight calls of the model, each with its HTTP request. */
const SPANS_OF_AGENTS = 6 + 5 + 2 * 8;
const SERVER = 2;
const CLIENT = 3;

const GATEWAY = "clew-gateway";
/** With nothing but the gateway's own spans: what comes in is the caller's call, what goes out the work for it. */
const SEEN_BY_GATEWAY: Picture = {
  1: { service: GATEWAY, kind: SERVER, to: "main" },
  2: { service: GATEWAY, kind: SERVER, to: "payment" },
  3: { service: GATEWAY, kind: SERVER, to: "support" },
  4: { service: GATEWAY, kind: CLIENT, to: "payment" },
  5: { service: GATEWAY, kind: CLIENT, to: "support" },
  6: { service: GATEWAY, kind: SERVER, to: "tech" },
  7: { service: GATEWAY, kind: CLIENT, to: "tech" },
  8: { service: GATEWAY, kind: CLIENT, to: "orders" },
  9: { service: GATEWAY, kind: SERVER, to: "inventory" },
  10: { service: GATEWAY, kind: CLIENT, to: "inventory" },
};
const SEEN_BY_ALL: Picture = {
  1: { service: GATEWAY, kind: SERVER, to: "main" },
  2: { service: "main-agent", kind: CLIENT, path: "/payment/verify" },
  3: { service: "main-agent", kind: CLIENT, path: "/agents/support/questions" },
  4: { service: "payment-service", kind: SERVER, path: "/verify" },
  5: { service: "support-agent", kind: SERVER, path: "/questions" },
  6: { service: "support-agent", kind: CLIENT, path: "/tech/tickets" },
  7: { service: "tech-support", kind: SERVER, path: "/tickets" },
  8: { service: "orders-agent", kind: SERVER, path: "/questions" },
  9: { service: "orders-agent", kind: CLIENT, path: "/inventory/stock/" },
  10: { service: "inventory", kind: SERVER, path: "/stock/" },
};

let server: ServerProcess;
let gateway: GatewayProcess;
let env: Record<string, string>;

before(async () => {
  server = await ServerProcess.start();
  const ports = await freePorts(NAMES.length);
  env = Object.fromEntries(NAMES.map((name, at) => [`${name}_PORT`, `${ports[at]}`]));
  env.GATEWAY_URL = `http://127.0.0.1:${env.GATEWAY_PORT}`;
  const otlp = `http://127.0.0.1:${server.ports.http}`;
  gateway = await GatewayProcess.start({
    args: ["--port", env.GATEWAY_PORT!, "--config", CONFIG],
    env: { ...env, CLEW_OTLP_ENDPOINT: otlp },
  });
});

after(async () => {
  await gateway?.stop();
  await server?.[Symbol.asyncDispose]();
});

/** Runs the example's agents as they are, under nothing. */
async function runPlain(more: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  const child = spawn(START, ["gateway"], { env: serveEnvironment(folder, { ...env, ...more }) });
  const output = outputOf(child);
  const [code] = await once(child, "close");
  assert.equal(code, 0, output.stdout + output.stderr);
  return output.stdout;
}

function traceIdIn(lines: string): string | undefined {
  return /^trace: ([0-9a-f]{32})$/m.exec(lines)?.[1];
}

test("agents that only pass on the trace headers: one trace with the ten spans, agents and models named", async () => {
  const output = await runPlain({ SESSION: "s-headers", TASK: "t-headers" });
  assert.ok(output.includes(ANSWER), output);
  const [trace, ...more] = await tracesOf(server, { session: "s-headers" }, [2 * CALLS]);
  assert.deepEqual(more, []);
  assert.equal(trace?.traceId, traceIdIn(output));
  const spans = await spansOf(server, trace!.traceId);
  assert.equal(spans.length, 2 * CALLS);
  assertTenSpans(spans, SEEN_BY_GATEWAY);
  for (const { name, isError, attributes } of spans) {
    assert.equal(isError, false, name);
    assert.deepEqual([attributes["session.id"], attributes["task.id"]], ["s-headers", "t-headers"], name);
  }
  const calls = spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "chat");
  assert.equal(calls.length, 8);
  for (const { attributes } of calls) {
    assert.equal(attributes["gen_ai.response.model"], "gpt-5-mini-2026-10-01");
    assert.ok(Number(attributes["gen_ai.usage.output_tokens"]) > 0);
  }
});

test("agents under clew run: one trace with the ten spans, the gateway between those who call", async () => {
  const lines = await Example.run("gateway", server, {
    env: { ...env, PASS_ON: "ids", SESSION: "s-run", TASK: "t-run" },
  });
  assert.ok(lines.includes(ANSWER), lines.join("\n"));
  const traceId = traceIdIn(lines.join("\n")) ?? "";
  await tracesOf(server, { session: "s-run" }, [2 * CALLS + SPANS_OF_AGENTS]);
  const { items } = await server.api.traces({ session: "s-run" });
  assert.deepEqual(
    items.map((item) => item.traceId),
    [traceId],
  );
  assertTenSpans(await spansOf(server, traceId), SEEN_BY_ALL);
});

test("agents that pass on no trace headers: a trace for each call, tied together by session and task", async () => {
  const output = await runPlain({ PASS_ON: "ids", SESSION: "s-none", TASK: "t-none" });
  assert.ok(output.includes(ANSWER), output);
  const each = Array.from({ length: CALLS }, () => 2);
  const traces = await tracesOf(server, { session: "s-none" }, each);
  assert.deepEqual(
    traces.map(({ spanCount }) => spanCount),
    each,
  );
  const { items } = await server.api.traces({ task: "t-none", limit: 100 });
  assert.equal(items.length, CALLS);
});

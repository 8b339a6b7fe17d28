import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { GatewayProcess } from "./harness/gateway-process.ts";
import { OddUpstream } from "./harness/odd-upstream.ts";
import { until } from "./harness/until.ts";

/** 100,000 take some minutes. */
const REQUESTS = Number(process.env.CLEW_TEST_SOAK_REQUESTS ?? 6000);
const AT_ONCE = 16;
const MIB = 1024 * 1024;
/** Of a hundred requests, beside those that are fine. */
const ODD: Readonly<Record<number, string>> = { 10: "malformed", 20: "limits", 30: "hangs-up", 40: "resets" };
const LEAVES = new Set([50, 60]);

const BODY = JSON.stringify({
  model: "gpt-5-mini",
  messages: [{ role: "user", content: "What is a leak? ".repeat(50) }],
});

test(`${REQUESTS} requests, among them failures and clients that leave: memory stays flat, nothing stays open`, async () => {
  await using upstream = await OddUpstream.start();
  const names = ["fine", ...Object.values(ODD), "stops"];
  await using gateway = await GatewayProcess.start({
    args: [
      ...names.flatMap((name) => ["--upstream", `${name}=${upstream.url}/${name}`]),
      "--otlp",
      "http://127.0.0.1:9",
    ],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = REQUESTS;
  let peakBytes = 0;
  const peaks: number[] = [];
  const one = async (number: number): Promise<void> => {
    const kind = number % 100;
    const name = LEAVES.has(kind) ? "stops" : (ODD[kind] ?? "fine");
    const headers = { "content-type": "application/json" };
    const outgoing = request(`${gateway.url}/${name}/v1/chat/completions`, {
      agent,
      method: "POST",
      headers,
    });
    outgoing.on("error", () => undefined);
    outgoing.end(BODY);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    answer.on("error", () => undefined);
    if (LEAVES.has(kind)) outgoing.destroy();
    else answer.resume();
    await new Promise((resolve) => answer.once("close", resolve));
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let number = left--; number > 0; number = left--) {
        await one(number);
        peakBytes = Math.max(peakBytes, number % 50 === 0 ? gateway.residentBytes : 0);
        if (number % (REQUESTS / 10) !== 0) continue;
        peaks.push(peakBytes);
        peakBytes = 0;
      }
    }),
  );
  agent.destroy();
  // What waits for a collector that is away may fill its 16 MiB first.
  const early = Math.max(...peaks.slice(0, 5));
  const late = Math.max(...peaks.slice(5));
  assert.ok(late - early < 40 * MIB, `MiB by tenths: ${peaks.map((bytes) => Math.round(bytes / MIB))}`);
  await until("no request to be active", async () =>
    /http_server_active_requests\{listener="main"\} 0\n/.test(await gateway.metrics()),
  );
  console.log(`# MiB by tenths: ${peaks.map((bytes) => Math.round(bytes / MIB))}`);
});

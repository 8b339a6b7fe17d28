import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundlePreload } from "../../scripts/bundle-preload.ts";
import { say } from "../progress.ts";
import { median } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";

const PRELOAD = new URL("../../packages/instrument/dist/register.mjs", import.meta.url).href;
/** What others use for the same, and the API that the agent needs; `npm run test:libraries` installs them. */
const LIBRARIES = fileURLToPath(new URL("../../test/libraries/", import.meta.url));
const AUTO = join(LIBRARIES, "node_modules/@opentelemetry/auto-instrumentations-node/dist/register.cjs");
const AGENT = fileURLToPath(new URL("../preload-agent.mjs", import.meta.url));

const VARIANTS = {
  plain: [],
  clew: ["--import", PRELOAD],
  auto: ["--require", AUTO],
} as const;

type Variant = keyof typeof VARIANTS;

/** What the preload adds to a program: to its start, and to each span that it makes. */
export const preload: Scenario = {
  gives: ["preload-start", "preload-start-auto", "preload-span", "preload-span-auto"],
  async run({ quick }) {
    if (!existsSync(AUTO)) throw new Error("test/libraries is not installed: run npm run test:libraries");
    await bundlePreload();
    const server = createServer((request, response) => request.resume().on("end", () => response.end()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = mkdtempSync(join(LIBRARIES, ".bench-"));
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const start = await startTimes(folder, endpoint, quick ? 5 : 10);
      const span = await spanTimes(folder, endpoint, quick ? 40 : 200);
      const added = (of: Record<Variant, number>, variant: Variant) => of[variant] - of.plain;
      return [
        {
          name: "preload-start",
          value: added(start, "clew"),
          note: `an empty program takes ${start.plain.toFixed(0)} ms without it`,
        },
        { name: "preload-start-auto", value: added(start, "auto") },
        { name: "preload-span", value: added(span, "clew"), note: "11 attributes, sent on" },
        { name: "preload-span-auto", value: added(span, "auto") },
      ];
    } finally {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Milliseconds from start to end of an empty program; the variants take turns. */
async function startTimes(
  folder: string,
  endpoint: string,
  rounds: number,
): Promise<Record<Variant, number>> {
  const file = join(folder, "empty.mjs");
  writeFileSync(file, "");
  const times = { plain: [] as number[], clew: [] as number[], auto: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    say(`start of a program ${round + 1}`);
    for (const variant of Object.keys(times) as Variant[]) {
      const startedAt = performance.now();
      await runNode(variant, [file], endpoint);
      times[variant].push(performance.now() - startedAt);
    }
  }
  return { plain: median(times.plain), clew: median(times.clew), auto: median(times.auto) };
}

/** Microseconds of processor time for each span. */
async function spanTimes(folder: string, endpoint: string, rounds: number): Promise<Record<Variant, number>> {
  const file = join(folder, "agent.mjs");
  cpSync(AGENT, file);
  const times = { plain: 0, clew: 0, auto: 0 };
  for (const variant of Object.keys(times) as Variant[]) {
    say(`spans of a program, ${variant}`);
    times[variant] = Number(await runNode(variant, [file, String(rounds)], endpoint));
  }
  return times;
}

async function runNode(variant: Variant, args: readonly string[], endpoint: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
  const child = spawn(process.execPath, [...VARIANTS[variant], ...args], {
    env: {
      ...Object.fromEntries(own),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_NODE_RESOURCE_DETECTORS: "none",
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`A program (${variant}) ended with ${code}`);
  return output;
}

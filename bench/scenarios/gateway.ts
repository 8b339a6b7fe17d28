import type { Figure, FigureName } from "../figures.ts";
import { flatOut, paced, streamed } from "../gateway/http-load.ts";
import {
  isPinned,
  pinLoad,
  type Subject,
  startClew,
  startModel,
  startPlain,
  startPortkey,
} from "../gateway/proxies.ts";
import { cpuSecondsOf, PeakMemory } from "../measure.ts";
import { say } from "../progress.ts";
import { median, quantile } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";

const PER_SECOND = 500;
const AT_ONCE = 32;
const STREAMS = 20;

interface Measured {
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor time for each request at 500 a second. */
  readonly cpu: number;
  readonly perSecond: number;
  /** Requests for each second of processor time, flat out. */
  readonly perCpuSecond: number;
  readonly chunk: number;
  readonly memory: number;
  readonly failed: number;
}

const PROXIES = { gateway: startClew, "gateway-plain": startPlain, "gateway-portkey": startPortkey };

/** What the gateway adds to a direct call; beside it a proxy that only passes on, and another gateway. */
export const gateway: Scenario = {
  gives: [
    ...figuresOf("gateway"),
    "gateway-memory",
    ...figuresOf("gateway-plain"),
    ...figuresOf("gateway-portkey"),
  ],
  async run({ quick }) {
    pinLoad();
    const seconds = quick ? 4 : 15;
    using model = await startModel();
    const direct = await measure("direct", model, seconds);
    const figures: Figure[] = [];
    for (const [name, start] of Object.entries(PROXIES) as [keyof typeof PROXIES, typeof startClew][]) {
      try {
        using subject = await start(model.target.port);
        figures.push(...figuresFrom(name, await measure(name, subject, seconds), direct));
      } catch (error) {
        if (name !== "gateway-portkey") throw error;
        const note = (error as Error).message.split("\n")[0]?.slice(0, 120) ?? "";
        figures.push(...figuresOf(name).map((figure) => ({ name: figure, value: Number.NaN, note })));
      }
    }
    return figures;
  },
};

async function measure(name: string, { target, pid }: Subject, seconds: number): Promise<Measured> {
  say(`${name}: warming up`);
  await flatOut(target, 4, 1);
  const peak = new PeakMemory(pid);
  say(`${name}: ${PER_SECOND} requests a second`);
  await paced(target, PER_SECOND, 2);
  const cpuBefore = cpuSecondsOf(pid);
  const calm = await paced(target, PER_SECOND, seconds);
  const cpu = ((cpuSecondsOf(pid) - cpuBefore) / calm.latencies.length) * 1000;
  say(`${name}: flat out`);
  const flatBefore = cpuSecondsOf(pid);
  const flat = await flatOut(target, AT_ONCE, seconds / 2);
  const flatCpu = cpuSecondsOf(pid) - flatBefore;
  say(`${name}: streams`);
  const delays = await streamed(target, STREAMS).catch(() => []);
  return {
    p50: median(calm.latencies),
    p99: quantile(calm.latencies, 0.99),
    cpu,
    perSecond: flat.latencies.length / flat.seconds,
    perCpuSecond: flat.latencies.length / flatCpu,
    chunk: median(delays),
    memory: peak.stop() / 1e6,
    failed: calm.failed + flat.failed,
  };
}

function figuresOf(name: keyof typeof PROXIES): FigureName[] {
  return [`${name}-p50`, `${name}-p99`, `${name}-cpu`, `${name}-rps`, `${name}-chunk`];
}

function figuresFrom(name: keyof typeof PROXIES, of: Measured, direct: Measured): Figure[] {
  const ofDirect = `a direct call takes ${direct.p50.toFixed(2)} ms, p99 ${direct.p99.toFixed(1)} ms`;
  const flat = `${of.perSecond.toFixed(0)}/s came through beside the load${isPinned ? "" : "; cores are not its own"}`;
  const figures: Figure[] = [
    { name: `${name}-p50`, value: of.p50 - direct.p50, note: ofDirect },
    {
      name: `${name}-p99`,
      value: of.p99 - direct.p99,
      ...(of.failed > 0 && { note: `${of.failed} requests failed` }),
    },
    { name: `${name}-cpu`, value: of.cpu },
    { name: `${name}-rps`, value: of.perCpuSecond, note: flat },
    {
      name: `${name}-chunk`,
      value: of.chunk - direct.chunk,
      ...(Number.isNaN(of.chunk) && { note: "its streams fail" }),
    },
  ];
  if (name === "gateway") figures.push({ name: "gateway-memory", value: of.memory });
  return figures;
}

import type { Profile } from "../agent-spans.ts";
import type { Figure, FigureName } from "../figures.ts";
import { CpuMeter } from "../measure.ts";
import { say } from "../progress.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

interface CpuOptions extends Traffic {
  readonly gives: FigureName;
  /** Also measures what the spans take on disk. */
  readonly disk?: FigureName;
}

interface Traffic {
  readonly protocol: "grpc" | "http";
  readonly spansPerRequest: number;
  readonly profile: Profile;
}

/**
 * Processor time per span from the first byte received until all merges are done, at full speed, and the disk
 * that the spans take then. A warm-up before it is not counted.
 */
export function cpuScenario({ gives, disk, ...traffic }: CpuOptions): Scenario {
  return {
    gives: disk === undefined ? [gives] : [gives, disk],
    async run({ quick }) {
      await using server = await ServerProcess.start();
      const figures: Figure[] = [{ name: gives, ...(await ingest(server, traffic, quick)) }];
      if (disk !== undefined) figures.push({ name: disk, ...(await diskOf(server)) });
      return figures;
    },
  };
}

/** Microseconds of processor time per span, and where they go. */
async function ingest(server: ServerProcess, traffic: Traffic, quick: boolean) {
  const port = traffic.protocol === "grpc" ? server.ports.grpc : server.ports.http;
  const plan = { ...traffic, port };
  const warmUp = quick ? 40_000 : 200_000;
  say(`warming up with ${warmUp} spans, ${traffic.spansPerRequest} a request`);
  const before = await runLoad({ ...plan, spans: warmUp, seed: 1000 });
  await server.whenStored(before.acknowledgedSpans);
  await server.whenQuiet();
  const wanted = quick ? 200_000 : 1_000_000;
  say(`sending ${wanted} spans`);
  const meter = new CpuMeter(server.pid);
  const { acknowledgedSpans: spans } = await runLoad({ ...plan, spans: wanted });
  await server.whenStored(before.acknowledgedSpans + spans);
  await server.whenQuiet();
  const { value, note } = meter.perSpan(spans);
  return {
    value,
    note: `${note}; ${spans.toLocaleString("en")} of ${wanted.toLocaleString("en")} spans taken`,
  };
}

/** Bytes that the engine's tables take, all of them together, for each span that is stored. */
async function diskOf(server: ServerProcess) {
  const spans = await server.storedSpans();
  const tables = await server.engine.query<{ table: string; bytes: number }>(
    `SELECT table, sum(bytes_on_disk) AS bytes
     FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC`,
  );
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = tables.slice(0, 3).map(({ table, bytes }) => `${table} ${(bytes / spans).toFixed(1)}`);
  const folder = `${(server.diskBytes() / 1e6).toFixed(0)} MB in the folder`;
  return { value: total / spans, note: `${largest.join(", ")}; ${folder}` };
}

import type { Profile } from "../agent-spans.ts";
import type { Figure, FigureName } from "../figures.ts";
import { say } from "../progress.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

/**
 * Processor time per span from the first byte received until all merges are done, at full speed, and the disk
 * that the spans take then. A warm-up before it is not counted.
 */
export function cpuScenario(cpu: FigureName, spansPerRequest: number, disk?: FigureName): Scenario {
  return {
    gives: disk === undefined ? [cpu] : [cpu, disk],
    async run({ quick }) {
      await using server = await ServerProcess.start();
      const { used, spans, seconds } = await ingest(server, "plain", spansPerRequest, quick);
      const note = `${spans.toLocaleString("en")} spans in ${seconds.toFixed(1)} s`;
      const figures: Figure[] = [{ name: cpu, value: (used / spans) * 1e6, note }];
      if (disk !== undefined) figures.push(await diskOf(server, disk));
      return figures;
    },
  };
}

export const promptsScenario: Scenario = {
  gives: ["disk-prompts"],
  async run({ quick }) {
    await using server = await ServerProcess.start();
    const { used, spans } = await ingest(server, "prompts", 100, quick);
    const { note, ...figure } = await diskOf(server, "disk-prompts");
    return [{ ...figure, note: `${note}; ${((used / spans) * 1e6).toFixed(1)} µs of CPU a span` }];
  },
};

async function ingest(server: ServerProcess, profile: Profile, spansPerRequest: number, quick: boolean) {
  const { grpc: port } = server.ports;
  const plan = { port, profile, spansPerRequest };
  const warmUp = quick ? 40_000 : 200_000;
  say(`warming up with ${warmUp} spans, ${spansPerRequest} a request`);
  const before = await runLoad({ ...plan, spans: warmUp, seed: 1000 });
  await server.whenStored(before.acknowledgedSpans);
  await server.whenQuiet();
  const spans = quick ? 200_000 : 1_000_000;
  say(`sending ${spans} spans`);
  const cpuBefore = server.cpuSeconds();
  const load = await runLoad({ ...plan, spans });
  await server.whenStored(before.acknowledgedSpans + load.acknowledgedSpans);
  await server.whenQuiet();
  const used = server.cpuSeconds() - cpuBefore;
  if (load.acknowledgedSpans !== spans) say(`only ${load.acknowledgedSpans} of ${spans} were taken`);
  return { used, spans: load.acknowledgedSpans, seconds: load.seconds };
}

/** What the engine's tables take, all of them together, for each span that is stored. */
async function diskOf(server: ServerProcess, name: FigureName): Promise<Figure> {
  const spans = await server.storedSpans();
  const tables = await server.engine.query<{ table: string; bytes: number; parts: number }>(
    `SELECT table, sum(bytes_on_disk) AS bytes, count() AS parts
     FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC`,
  );
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = tables.slice(0, 3).map(({ table, bytes }) => `${table} ${(bytes / spans).toFixed(1)}`);
  const folder = `${(server.diskBytes() / 1e6).toFixed(0)} MB in the folder`;
  return { name, value: total / spans, note: `${largest.join(", ")}; ${folder}` };
}

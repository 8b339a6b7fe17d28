import { writeFileSync } from "node:fs";
import { cpus, platform, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { BUDGETS, type Figure, type FigureName, markOf } from "./figures.ts";
import { say } from "./progress.ts";
import type { Scenario } from "./scenario.ts";
import { analysis } from "./scenarios/analysis.ts";
import { cpuScenario } from "./scenarios/cpu.ts";
import { fullText } from "./scenarios/full-text.ts";
import { gateway } from "./scenarios/gateway.ts";
import { generatorAlone } from "./scenarios/generator-alone.ts";
import { largeTrace } from "./scenarios/large-trace.ts";
import { latency } from "./scenarios/latency.ts";
import { preload } from "./scenarios/preload.ts";
import { python } from "./scenarios/python.ts";
import { queries } from "./scenarios/queries.ts";
import { start } from "./scenarios/start.ts";
import { sustained } from "./scenarios/sustained.ts";
import { uiLive } from "./scenarios/ui-live.ts";
import { uiShell } from "./scenarios/ui-shell.ts";
import { uiSize } from "./scenarios/ui-size.ts";
import { uiTrace } from "./scenarios/ui-trace.ts";
import { tableOf } from "./table.ts";

const PLAIN = { protocol: "grpc", spansPerRequest: 100, profile: "plain" } as const;

const SCENARIOS: readonly Scenario[] = [
  start,
  cpuScenario({ ...PLAIN, gives: "cpu-100", disk: "disk" }),
  cpuScenario({ ...PLAIN, gives: "cpu-20", spansPerRequest: 20 }),
  cpuScenario({ ...PLAIN, gives: "cpu-http", protocol: "http" }),
  cpuScenario({ ...PLAIN, gives: "cpu-prompts", disk: "disk-prompts", profile: "prompts" }),
  latency,
  sustained,
  queries,
  fullText,
  largeTrace,
  analysis,
  preload,
  python,
  gateway,
  uiSize,
  uiShell,
  uiTrace,
  uiLive,
  generatorAlone,
];

const USAGE = `npm run bench [-- --quick] [--only FIGURE[,FIGURE...]] [--json FILE]

Measures the server on this machine and prints each figure beside its budget (Linux only).
  --quick   fewer spans and shorter runs
  --only    these figures, and those measured together with them; ui means all that begin with ui-:
            ${Object.keys(BUDGETS).join(", ")}
  --json    also writes the figures to a file
The environment variable CLEW_BENCH_BIN names the clew to measure, where it is not this checkout's.`;

/** Sets the exit code: 1 when a figure could not be measured, 2 for wrong usage. Being over budget is no failure. */
export async function runBench(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === "help") {
    console.log(USAGE);
    return;
  }
  if (typeof options === "string") {
    console.error(`${options}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (platform() !== "linux") {
    console.error("The bench reads processor time and memory from /proc, which only Linux has");
    process.exitCode = 1;
    return;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  const figures: Figure[] = [];
  for (const scenario of SCENARIOS) {
    if (!scenario.gives.some((name) => options.only.includes(name))) continue;
    say(`-- ${scenario.gives.join(", ")}`);
    figures.push(...(await measure(scenario, options.quick)));
  }
  const order = Object.keys(BUDGETS);
  figures.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  console.log(tableOf(figures));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(report(figures, options.quick), undefined, 2)}\n`);
  if (figures.some((figure) => markOf(figure) === "failed")) process.exitCode = 1;
}

async function measure(scenario: Scenario, quick: boolean): Promise<Figure[]> {
  try {
    return await scenario.run({ quick });
  } catch (error) {
    say(String((error as Error).stack));
    const note = (error as Error).message.split("\n")[0]!.slice(0, 120);
    return scenario.gives.map((name) => ({ name, value: Number.NaN, note }));
  }
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string", multiple: true },
        json: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return "help";
    const all = Object.keys(BUDGETS) as FigureName[];
    const asked = values.only?.flatMap((names) => names.split(","));
    const unknown = asked?.find((name) => figuresOf(name).length === 0);
    if (unknown !== undefined) return `There is no figure ${unknown}.`;
    return { quick: values.quick, only: asked?.flatMap(figuresOf) ?? all, json: values.json };
  } catch (error) {
    return (error as Error).message;
  }
}

/** The figure of this name; where there is none, those whose names begin with it. */
function figuresOf(name: string): FigureName[] {
  const all = Object.keys(BUDGETS) as FigureName[];
  const exact = all.filter((figure) => figure === name);
  return exact.length > 0 ? exact : all.filter((figure) => figure.startsWith(`${name}-`));
}

function report(figures: readonly Figure[], quick: boolean) {
  const [cpu] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    quick,
    machine: {
      cpu: cpu?.model ?? "",
      cores: cpus().length,
      memoryBytes: totalmem(),
      system: `${platform()} ${release()}`,
      node: process.version,
    },
    figures: figures.map((figure) => ({
      ...figure,
      value: Number.isNaN(figure.value) ? null : figure.value,
      ...BUDGETS[figure.name],
      mark: markOf(figure),
    })),
  };
}

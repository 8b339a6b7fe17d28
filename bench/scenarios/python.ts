import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonSetup } from "../../test/harness/python-environment.ts";
import type { Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { median } from "../quantiles.ts";
import type { Scenario } from "../scenario.ts";

const OURS = fileURLToPath(new URL("../../packages/instrument/python/", import.meta.url));
const FILES = fileURLToPath(new URL("../python/", import.meta.url));
const VARIANTS = ["plain", "clew", "auto"] as const;
/** Programs by the rows that they give. */
const PROGRAMS = {
  "python-start": "pass",
  "python-libraries": "import httpx, openai, requests",
} as const;

type Variant = (typeof VARIANTS)[number];

/** What tracing adds to Python programs, beside `opentelemetry-instrument` with the same packages. */
export const python: Scenario = {
  gives: [
    "python-start",
    "python-start-auto",
    "python-libraries",
    "python-libraries-auto",
    "python-span",
    "python-span-auto",
  ],
  async run({ quick }) {
    const { bin } = await pythonSetup({ list: "../../bench/python/requirements.txt" });
    const server = createServer((request, response) => request.resume().on("end", () => response.end()));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const figures: Figure[] = [];
      for (const [name, source] of Object.entries(PROGRAMS)) {
        const times = await startTimes(bin, endpoint, source, quick ? 3 : 7);
        const row = name as keyof typeof PROGRAMS;
        const note = `it takes ${times.plain.toFixed(0)} ms without it`;
        figures.push({ name: row, value: times.clew - times.plain, note });
        figures.push({ name: `${row}-auto`, value: times.auto - times.plain });
      }
      const spans = { plain: 0, clew: 0, auto: 0 };
      for (const variant of VARIANTS) {
        say(`spans of a Python program, ${variant}`);
        const words = [...command(bin, variant), join(FILES, "spans.py"), quick ? "20" : "100"];
        spans[variant] = Number(await run(words, endpoint, variant));
      }
      figures.push({ name: "python-span", value: spans.clew - spans.plain, note: "11 attributes, sent on" });
      figures.push({ name: "python-span-auto", value: spans.auto - spans.plain });
      return figures;
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
};

/** Milliseconds of processor time from start to end of a program; the variants take turns. */
async function startTimes(
  bin: string,
  endpoint: string,
  source: string,
  rounds: number,
): Promise<Record<Variant, number>> {
  const times = { plain: [] as number[], clew: [] as number[], auto: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    say(`start of a Python program ${round + 1}`);
    for (const variant of VARIANTS) {
      const measured = [...command(bin, variant), "-c", source];
      const words = [join(bin, "python"), "-S", join(FILES, "cpu-of.py"), ...measured];
      times[variant].push(Number(await run(words, endpoint, variant)));
    }
  }
  return { plain: median(times.plain), clew: median(times.clew), auto: median(times.auto) };
}

function command(bin: string, variant: Variant): string[] {
  const program = join(bin, "python");
  return variant === "auto" ? [join(bin, "opentelemetry-instrument"), program] : [program];
}

async function run(
  [file = "", ...args]: readonly string[],
  endpoint: string,
  variant: Variant,
): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|PYTHON)/.test(name));
  const child = spawn(file, args, {
    env: {
      ...Object.fromEntries(own),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      ...(variant === "clew" && {
        PYTHONPATH: [OURS, process.env.PYTHONPATH].filter(Boolean).join(delimiter),
      }),
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`A Python program (${variant}) ended with ${code}`);
  return output;
}

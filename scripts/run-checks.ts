import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

interface Outcome {
  readonly step: Step;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const AT_ONCE = 2;
const COLOR = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** What is checked, by the name that selects it on the command line. */
function steps(): Step[] {
  const projects = ["tsconfig.json"];
  for (const name of readdirSync(join(ROOT, "packages"))) {
    const project = join("packages", name, "tsconfig.json");
    if (existsSync(join(ROOT, project))) projects.push(project);
  }
  return [
    ...projects.map((project) => ({
      name: project === "tsconfig.json" ? "types" : `types:${project.split("/")[1]}`,
      command: ["tsc", "--project", project, "--noEmit"],
    })),
    {
      name: "style",
      command: [
        "biome",
        "ci",
        "--error-on-warnings",
        `--colors=${COLOR ? "force" : "off"}`,
        "--max-diagnostics=50",
        ".",
      ],
    },
    { name: "unused", command: ["knip", "--no-progress"] },
    { name: "arrows", command: ["node", "scripts/check-arrows.ts"] },
    { name: "lock", command: ["node", "scripts/check-lock.ts"] },
    { name: "docs", command: ["node", "scripts/check-docs.ts"] },
  ];
}

function perform(step: Step): Promise<Outcome> {
  const [file = "", ...args] = step.command;
  const path = [dirname(process.execPath), join(ROOT, "node_modules", ".bin"), process.env.PATH].join(
    delimiter,
  );
  const color = COLOR ? { FORCE_COLOR: "1" } : {};
  const started = performance.now();
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      { cwd: ROOT, env: { ...process.env, ...color, PATH: path }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const output = error && !stdout && !stderr ? error.message : stdout + stderr;
        resolve({ step, ok: error === null, output, seconds: (performance.now() - started) / 1000 });
      },
    );
  });
}

/** Runs the named steps, all without a name; prints a line for each and the output of those that fail. */
export async function runChecks(names: readonly string[]): Promise<void> {
  const known = steps();
  const unknown = names.filter((name) => !known.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`No step ${unknown.join(", ")}; there are ${known.map((step) => step.name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const waiting = known.filter((step) => names.length === 0 || names.includes(step.name));
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const { ok, output, seconds } = await perform(step);
      console.log(`${ok ? "ok    " : "FAILED"}  ${step.name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s`);
      if (ok) continue;
      failed.push(step.name);
      console.log(`\n${output.trim()}\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePreload } from "../../scripts/bundle-preload.ts";
import { outputOf } from "./output-of.ts";

export const PRELOAD = pathToFileURL(
  fileURLToPath(new URL("../../packages/instrument/dist/register.mjs", import.meta.url)),
).href;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly ms: number;
}

export interface ProcessOptions {
  /** Where the preload sends; nothing is preloaded without it. */
  readonly endpoint?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly kind?: "mjs" | "cjs";
  /** Another Node than the one that runs the test. */
  readonly node?: string;
  /** Called with every text on standard output, for tests that answer with a signal. */
  readonly onOutput?: (child: ChildProcess, text: string) => void;
}

let bundled: Promise<void> | undefined;

/** Runs a script in a process of its own, under the preload as it is published or without it. */
export async function runPreloaded(source: string, options: ProcessOptions): Promise<Ended> {
  bundled ??= bundlePreload();
  await bundled;
  const folder = mkdtempSync(join(tmpdir(), "clew-agent-"));
  try {
    const file = join(folder, `agent.${options.kind ?? "mjs"}`);
    writeFileSync(file, source);
    const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
    const preload = options.endpoint === undefined ? [] : ["--import", PRELOAD];
    const started = performance.now();
    const child = spawn(options.node ?? process.execPath, [...preload, file], {
      env: {
        ...Object.fromEntries(own),
        OTEL_EXPORTER_OTLP_ENDPOINT: options.endpoint ?? "",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = outputOf(child);
    child.stdout.on("data", (text: string) => options.onOutput?.(child, text));
    const killer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    clearTimeout(killer);
    return { code, signal, ...output, ms: performance.now() - started };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

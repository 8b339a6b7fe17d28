import type { Readable } from "node:stream";
import { type Screen, screenOf } from "./screen/screen.ts";

export interface Output {
  write(text: string | Uint8Array): boolean;
  once(event: "drain", listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a command may know and touch of the process it runs in. */
export interface Shell {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly cwd: string;
  readonly input: Readable;
  readonly output: Output;
  /** For everything that is not the result: progress, notes, errors. */
  readonly notes: Output;
  /** Aborted when the user wants the command to end. */
  readonly signal: AbortSignal;
}

/** What the result may look like. */
export function outputScreen(shell: Shell): Screen {
  return screenOf(shell.output, shell.env);
}

/** What may stand beside the result. */
export function notesScreen(shell: Shell): Screen {
  return screenOf(shell.notes, shell.env);
}

/** Resolves when the reader has kept up. */
export async function print(shell: Shell, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await write(shell.output, `${lines.join("\n")}\n`);
}

export function printJson(shell: Shell, value: unknown): Promise<void> {
  return print(shell, [JSON.stringify(value, null, outputScreen(shell).isTerminal ? 2 : 0)]);
}

export async function write(output: Output, piece: string | Uint8Array): Promise<void> {
  if (!output.write(piece)) await new Promise<void>((resolve) => output.once("drain", resolve));
}

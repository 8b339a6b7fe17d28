import type { Readable } from "node:stream";
import { printableJson } from "../printable.ts";
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

/** One value, in a line of its own; on a terminal over several lines unless `onOneLine`. */
export function printJson(shell: Shell, value: unknown, onOneLine = false): Promise<void> {
  if (!outputScreen(shell).isTerminal) return print(shell, [JSON.stringify(value)]);
  return print(shell, [printableJson(JSON.stringify(value, null, onOneLine ? 0 : 2))]);
}

/** JSON as it arrives: byte by byte, but on a terminal without what would steer it, and with an end of line. */
export async function printJsonStream(shell: Shell, body: AsyncIterable<Uint8Array>): Promise<void> {
  if (!outputScreen(shell).isTerminal) {
    for await (const piece of body) await write(shell.output, piece);
    return;
  }
  const decoder = new TextDecoder();
  for await (const piece of body)
    await write(shell.output, printableJson(decoder.decode(piece, { stream: true })));
  await write(shell.output, `${printableJson(decoder.decode())}\n`);
}

export async function write(output: Output, piece: string | Uint8Array): Promise<void> {
  if (!output.write(piece)) await new Promise<void>((resolve) => output.once("drain", resolve));
}

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

/** What a command line starts Python with. */
export interface PythonProgram {
  readonly command: string;
  /** Words between Python and the program. */
  readonly options: readonly string[];
}

const PYTHON = /^(python|pypy)[\d.]*$/;
const MOST_BYTES = 512;

/**
 * The Python that runs a command: itself, or the one that its first line names, as those of uvicorn and others do.
 * Undefined for other commands, also those that start Python themselves, such as `uv run`.
 */
export function pythonProgram(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PythonProgram | undefined {
  const [file = "", ...args] = command;
  if (PYTHON.test(basename(file))) return { command: file, options: args };
  const path = file.includes("/") ? file : onPath(file, env.PATH ?? "");
  const start = path === undefined ? "" : beginning(path);
  const words = start.startsWith("#!") ? interpreterWords(start) : [];
  const [python = "", ...options] = words;
  return PYTHON.test(basename(python)) ? { command: python, options } : undefined;
}

/** The option by which Python leaves out what tracing starts with, such as `-I`, also in a group: `-uS`. */
export function isolatingOption({ options }: PythonProgram): string | undefined {
  for (let index = 0; index < options.length; index += 1) {
    const word = options[index] ?? "";
    if (!/^-[A-Za-z]/.test(word)) return undefined;
    const [, flags = "", rest] = /^-([^cmWX]*)([cmWX].*)?$/.exec(word) ?? [];
    const found = /[ISE]/.exec(flags);
    if (found !== null) return `-${found[0]}`;
    if (rest?.startsWith("c") || rest?.startsWith("m")) return undefined;
    if (rest === "W" || rest === "X") index += 1;
  }
  return undefined;
}

function interpreterWords(start: string): string[] {
  const [first = "", second = ""] = start.split("\n");
  // A path that is too long for the first line stands in the second.
  const long = /^'''exec' "?([^"\s]+)"?/.exec(second);
  if (long !== null) return [long[1] ?? ""];
  const words = first.slice(2).trim().split(/\s+/);
  if (basename(words[0] ?? "") !== "env") return words;
  return words.slice(words[1] === "-S" ? 2 : 1);
}

function onPath(file: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, file))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
}

function beginning(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.subarray(0, readSync(file, bytes)).toString("latin1");
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

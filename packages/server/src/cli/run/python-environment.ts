import { basename, delimiter } from "node:path";
import { installedFor, pythonFolder } from "../python/packages-folder.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Programs that run in Python; `uv run` and the like start one of these themselves. */
const PYTHON = /^(python|pypy)[\d.]*$|^(uvicorn|gunicorn|hypercorn|flask|fastapi|celery|django-admin)$|\.py$/;

/** Variables that have every Python process below traced. `packages` is where `clew python install` installs. */
export function pythonEnvironment(environment: Environment, packages: string): Environment {
  const ours = pythonFolder().replace(/\/$/, "");
  const others = (environment.PYTHONPATH ?? "")
    .split(delimiter)
    .filter((path) => path !== "" && path !== ours);
  return { PYTHONPATH: [ours, ...others].join(delimiter), CLEW_PYTHON_PACKAGES: packages };
}

/** Why a Python command will not be traced, one sentence each; empty for other commands. */
export function pythonProblems(command: readonly string[], packages: string): string[] {
  const [file = "", ...args] = command;
  if (!PYTHON.test(basename(file))) return [];
  const flag = isolating(args);
  if (flag !== undefined) {
    return [`python ${flag} ignores PYTHONPATH or sitecustomize: this process runs untraced`];
  }
  if (installedFor(packages).length > 0) return [];
  return [
    "Python programs without the OpenTelemetry SDK run untraced until `clew python install` was run once",
  ];
}

/** The option by which Python leaves out what tracing starts with, such as `-I`, also in a group: `-uS`. */
function isolating(args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (!/^-[A-Za-z]/.test(word)) return undefined;
    const [, flags = "", rest] = /^-([^cmWX]*)([cmWX].*)?$/.exec(word) ?? [];
    const found = /[ISE]/.exec(flags);
    if (found !== null) return `-${found[0]}`;
    if (rest?.startsWith("c") || rest?.startsWith("m")) return undefined;
    if (rest === "W" || rest === "X") index += 1;
  }
  return undefined;
}

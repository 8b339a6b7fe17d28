import { askInterpreter, isTooOld } from "./interpreter.ts";
import { installedFor } from "./packages-folder.ts";
import { isolatingOption, pythonProgram } from "./python-program.ts";

/** Longer than this nobody waits for a remark. */
const MOST_MS = 3000;

const WHY: Readonly<Record<string, string>> = {
  "-I": "leaves out PYTHONPATH, by which tracing starts. -s and -P isolate a program too, and can be traced",
  "-E": "leaves out PYTHONPATH, by which tracing starts. Unset the variables it is to leave out instead",
  "-S": "leaves out sitecustomize, by which tracing starts",
};

/** Why a command will run untraced, and what to do about it; undefined where nothing is known against it. */
export async function whyUntraced(
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  packages: string,
): Promise<string | undefined> {
  const program = pythonProgram(command, env);
  if (program === undefined) return undefined;
  const option = isolatingOption(program);
  if (option !== undefined) return `this program runs untraced: Python's ${option} ${WHY[option]}`;
  const python = await askInterpreter(program.command, env, AbortSignal.timeout(MOST_MS));
  if (python === undefined) return undefined;
  if (isTooOld(python)) {
    return `this program runs untraced: ${python.command} is Python ${python.version}, and tracing needs 3.10 or newer`;
  }
  if (python.hasSdk || installedFor(packages).includes(python.version)) return undefined;
  return (
    `this program runs untraced: Python ${python.version} has no OpenTelemetry. ` +
    `Run once: clew python install --python ${python.command}`
  );
}

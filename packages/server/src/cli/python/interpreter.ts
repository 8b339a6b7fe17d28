import { execFile } from "node:child_process";
import { PublicError } from "../../errors.ts";

/** A Python that runs. */
export interface Interpreter {
  readonly command: string;
  /** Such as `3.12`. */
  readonly version: string;
  readonly hasPip: boolean;
}

/** There is no Python, or none that will do. */
export class PythonUnusable extends PublicError {
  readonly code = "python_unusable";
  readonly status = 503;
}

const OLDEST_MINOR = 10;
const ANSWER_MS = 20_000;
const QUESTION =
  "import importlib.util, sys; print('%d.%d' % sys.version_info[:2], importlib.util.find_spec('pip') is not None)";

/** The given Python, else `python3`, else `python`. Throws PythonUnusable. */
export async function findInterpreter(
  given: string | undefined,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<Interpreter> {
  const commands = given === undefined ? ["python3", "python"] : [given];
  for (const command of commands) {
    const answer = await ask(command, env, signal);
    if (answer === undefined) continue;
    const [version = "", hasPip] = answer.trim().split(" ");
    const [major, minor] = version.split(".").map(Number);
    if (major !== 3 || (minor ?? 0) < OLDEST_MINOR) {
      throw new PythonUnusable(
        `${command} is Python ${version}; 3.${OLDEST_MINOR} or newer is needed, which --python can name`,
      );
    }
    return { command, version, hasPip: hasPip === "True" };
  }
  const tried = commands.join(" nor ");
  throw new PythonUnusable(
    given === undefined
      ? `There is neither ${tried}; --python names one that is elsewhere`
      : `${tried} does not run, or is no Python`,
  );
}

/** Undefined where it does not run. */
function ask(
  command: string,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ["-I", "-c", QUESTION], { env, signal, timeout: ANSWER_MS }, (error, stdout) => {
      resolve(error === null && /^\d+\.\d+ (True|False)\s*$/.test(stdout) ? stdout : undefined);
    });
  });
}

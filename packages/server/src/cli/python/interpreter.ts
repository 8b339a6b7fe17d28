import { execFile } from "node:child_process";
import { PublicError } from "../../errors.ts";

/** A Python that runs. */
export interface Interpreter {
  readonly command: string;
  /** Such as `3.12`. */
  readonly version: string;
  /** Words behind the command that run pip: its own, else what Python brings to install that; absent without both. */
  readonly pip?: readonly string[];
  /** Whether programs find an OpenTelemetry SDK of their own. */
  readonly hasSdk: boolean;
}

/** There is no Python, or none that will do. */
export class PythonUnusable extends PublicError {
  readonly code = "python_unusable";
  readonly status = 503;
}

const OLDEST_MINOR = 10;
const ANSWER_MS = 20_000;
/** Also for Pythons that are too old. */
const QUESTION = `
import sys, glob, json
said = {"version": "%d.%d" % sys.version_info[:2], "pip": None, "sdk": False}
try:
    from importlib.util import find_spec
    said["sdk"] = find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None
    ensure = find_spec("ensurepip")
    folders = [path + "/_bundled" for path in ensure.submodule_search_locations] if ensure else []
    wheels = [file for path in folders + ["/usr/share/python-wheels"] for file in glob.glob(path + "/pip-*.whl")]
    said["pip"] = ["-m", "pip"] if find_spec("pip") else [wheels[0] + "/pip"] if wheels else None
except Exception:
    pass
print(json.dumps(said))
`;

/** The given Python, else `python3`, else `python`. Throws PythonUnusable. */
export async function findInterpreter(
  given: string | undefined,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<Interpreter> {
  const commands = given === undefined ? ["python3", "python"] : [given];
  for (const command of commands) {
    const found = await askInterpreter(command, env, signal);
    if (found === undefined) continue;
    if (isTooOld(found)) {
      throw new PythonUnusable(
        `${command} is Python ${found.version}; 3.${OLDEST_MINOR} or newer is needed, which --python can name`,
      );
    }
    return found;
  }
  const tried = commands.join(" nor ");
  throw new PythonUnusable(
    given === undefined
      ? `There is neither ${tried}; --python names one that is elsewhere`
      : `${tried} does not run, or is no Python`,
  );
}

export function isTooOld({ version }: Interpreter): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major !== 3 || (minor ?? 0) < OLDEST_MINOR;
}

/** Undefined where it does not run, or is no Python. */
export function askInterpreter(
  command: string,
  env: Readonly<NodeJS.ProcessEnv>,
  signal: AbortSignal,
): Promise<Interpreter | undefined> {
  return new Promise((resolve) => {
    execFile(command, ["-c", QUESTION], { env, signal, timeout: ANSWER_MS }, (error, stdout) => {
      resolve(error === null ? interpreterOf(command, stdout) : undefined);
    });
  });
}

function interpreterOf(command: string, answer: string): Interpreter | undefined {
  // A `sitecustomize` or a `.pth` file may have printed before.
  const line = answer.trimEnd().split("\n").at(-1) ?? "";
  try {
    const { version, pip, sdk } = JSON.parse(line) as { version: string; pip: string[] | null; sdk: boolean };
    return { command, version, hasSdk: sdk, ...(pip !== null && { pip }) };
  } catch {
    return undefined;
  }
}

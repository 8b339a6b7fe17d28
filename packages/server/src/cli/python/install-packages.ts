import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PublicError } from "../../errors.ts";
import type { Interpreter } from "./interpreter.ts";
import { pythonFolder } from "./packages-folder.ts";

/** pip is missing or did not succeed. */
export class PythonInstallFailed extends PublicError {
  readonly code = "python_install_failed";
  readonly status = 503;
}

export interface Installed {
  readonly folder: string;
  /** False where everything was there already. */
  readonly changed: boolean;
}

const LIST = "requirements.txt";
const MOST_MS = 10 * 60_000;
const TOLD_LINES = 8;

/**
 * Installs the packages of the list, each with a version and hashes, below `root` for one version of Python. A
 * folder appears complete. Throws PythonInstallFailed.
 */
export async function installPackages(
  python: Interpreter,
  root: string,
  options: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly signal: AbortSignal },
): Promise<Installed> {
  const list = join(pythonFolder(), LIST);
  const folder = join(root, python.version);
  const present = join(folder, LIST);
  if (existsSync(present) && readFileSync(present, "utf8") === readFileSync(list, "utf8")) {
    return { folder, changed: false };
  }
  if (python.pip === undefined) {
    throw new PythonInstallFailed(
      `${python.command} has no pip: install your system's package of pip, or name another Python ` +
        `${python.version} that has one with --python`,
    );
  }
  const making = join(root, `.${python.version}-${process.pid}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  try {
    await pip([python.command, ...python.pip], ["--target", making, "--requirement", list], options);
    copyFileSync(list, join(making, LIST));
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return { folder, changed: true };
}

function pip(
  [command = "", ...words]: readonly string[],
  args: readonly string[],
  { env, signal }: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly signal: AbortSignal },
): Promise<void> {
  const { PYTHONPATH: _, PIP_USER: __, ...rest } = env;
  const all = [...words, "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"];
  all.push("--require-hashes", "--prefer-binary", "--no-warn-script-location", ...args);
  return new Promise((resolve, reject) => {
    execFile(command, all, { env: rest, signal, timeout: MOST_MS }, (error, stdout, stderr) => {
      if (error === null) return resolve();
      if (signal.aborted) return reject(error);
      const said = `${stdout}${stderr}`.trim().split("\n").slice(-TOLD_LINES).join("\n");
      reject(new PythonInstallFailed(`pip could not install the packages:\n${said || error.message}`));
    });
  });
}

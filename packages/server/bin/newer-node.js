/**
 * Starts the program on a Node that runs TypeScript sources. Plain JavaScript that Node 14 understands,
 * because the Node that is too old has to read it to say so.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MINIMUM = [22, 18];
const RERUN = "CLEW_RERUN_BY";
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/** @param {string} version such as `20.20.2` */
export function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** Where the npm package `node` is that is nearest to a folder; undefined when there is none. */
export function nodePackage(folder) {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules", "node");
    if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) return undefined;
  }
}

/** Runs this same command line with another Node: its terminal, signals and exit code are the caller's. */
function rerun(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    env: Object.assign({}, process.env, { [RERUN]: String(process.pid) }),
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    for (const name of FORWARDED) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** Ends when the old Node that started this process is gone, however it went. */
function followParent() {
  const wrapped = process.env[RERUN] === String(process.ppid);
  delete process.env[RERUN];
  if (!wrapped || !process.channel) return;
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * Calls `start` when this Node is new enough, runs the same command again with an installed one that is,
 * or says in one line what to do and exits with 1.
 *
 * @param {string} program for the message
 * @param {() => Promise<unknown>} start
 */
export function onNewerNode(program, start) {
  if (isNewEnough(process.versions.node)) {
    followParent();
    start().catch((error) => {
      process.exitCode = 1;
      throw error;
    });
    return;
  }
  const found = nodePackage(dirname(fileURLToPath(import.meta.url)));
  const node = found && join(found, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (node && existsSync(node) && !process.env[RERUN]) {
    rerun(node);
    return;
  }
  const remedy = found
    ? "the one beside it is incomplete: run `npm rebuild node`"
    : "install a newer one from nodejs.org, or beside it with `npm install node@24`";
  fail(`${program} needs Node ${MINIMUM.join(".")} or newer and this is ${process.versions.node}; ${remedy}`);
}

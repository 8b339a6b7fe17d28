import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const STOP_MS = 10_000;

/**
 * The processes of an example. Each is told by its environment where the others are, and says where it is itself in
 * the first address that it prints, or only that it is ready; what it prints after that is passed on under its name.
 */
export class Fleet {
  #children = [];
  #waiting = new Set();
  #isStopping = false;

  /** Resolves when a process prints a line that contains the text. */
  async until(text) {
    const { promise, resolve } = Promise.withResolvers();
    this.#waiting.add({ text, resolve });
    await promise;
  }

  /** Resolves to the address of a server. `env` is added to this process's own. */
  async start(name, command, env = {}) {
    const { promise, resolve, reject } = Promise.withResolvers();
    let address;
    const before = [];
    const child = this.#spawn(name, command, env, (line) => {
      if (address !== undefined) return this.#print(name, line);
      before.push(line);
      address = /http:\/\/127\.0\.0\.1:\d+|^ready$/.exec(line)?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`${name} ended with ${code}\n${before.join("\n")}`)));
    return await promise;
  }

  /** The fake model; its address. It stands for somebody else's service, so it is not traced. `play` is a module. */
  async startModel(play, env = {}) {
    const server = beside(import.meta.url, "model-server/server.js");
    return await this.start("model", [process.execPath, server, play], { OTEL_SDK_DISABLED: "true", ...env });
  }

  /** Callers first, so that whom they wait for can still answer. */
  async stop() {
    this.#isStopping = true;
    for (const child of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
  }

  #spawn(name, [file, ...args], env, onLine) {
    const child = spawn(file, args, {
      env: { ...traced(name), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.push(child);
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
    return child;
  }

  #print(name, line) {
    if (!this.#isStopping) console.log(`  [${name}] ${line}`);
    for (const each of this.#waiting) {
      if (!line.includes(each.text)) continue;
      this.#waiting.delete(each);
      each.resolve();
    }
  }
}

/**
 * Does what is to be done with a fleet, and stops it however that ends. A signal ends it as well; `stopped` resolves
 * then.
 */
export async function withFleet(work) {
  const fleet = new Fleet();
  const { promise: stopped, resolve: stop } = Promise.withResolvers();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    await Promise.race([work(fleet, stopped), stopped]);
  } finally {
    await fleet.stop();
  }
}

/** The path of a file beside the module whose URL is given. */
export function beside(url, file) {
  return fileURLToPath(new URL(file, url));
}

/**
 * A Python that has these modules: `PYTHON`, else `python3`; undefined where there is none, or where `PYTHON` is
 * empty.
 */
export function pythonWith(...modules) {
  const { PYTHON: python = "python3" } = process.env;
  if (python === "") return undefined;
  const script = "import sys, importlib.util as u; sys.exit(any(not u.find_spec(m) for m in sys.argv[1:]))";
  const { status } = spawnSync(python, ["-c", script, ...modules], { stdio: "ignore" });
  return status === 0 ? python : undefined;
}

/** The environment of a process that is a part of the system. */
function traced(name) {
  const { OTEL_SDK_DISABLED: _, ...env } = process.env;
  return { ...env, OTEL_SERVICE_NAME: name };
}

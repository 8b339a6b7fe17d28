import { type EventEmitter, errorMonitor } from "node:events";
import { createRequire } from "node:module";
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { InstrumentationBase, InstrumentationNodeModuleDefinition } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { commandName } from "../command-name.ts";
import {
  CARRIER_NAMES,
  carrierOf,
  choosesContext,
  inheritedVariables,
} from "../context/child-environment.ts";
import type { Library } from "../library.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What every asynchronous form makes of its arguments. */
interface SpawnOptions {
  file?: unknown;
  args?: readonly unknown[];
  shell?: unknown;
  /** `NAME=value` each. */
  envPairs?: string[];
}

interface ChildProcess extends EventEmitter {
  readonly pid?: number;
  /** Whether the parent killed it. */
  readonly killed: boolean;
  spawn(options: SpawnOptions): number;
}

interface Exports extends Record<string, unknown> {
  readonly ChildProcess: { readonly prototype: ChildProcess };
}

/** How a child ended. */
interface End {
  readonly code?: number | null | undefined;
  readonly signal?: string | null | undefined;
  /** It could not be started, or was given up. */
  readonly error?: { readonly code?: unknown; readonly message?: string } | undefined;
  readonly cancelled?: boolean;
}

/**
 * `node:child_process`, and with it `node:cluster`: a span per child from its start to its exit, named by the
 * program, never by its arguments. The child gets `TRACEPARENT`, `TRACESTATE` and `BAGGAGE` in its environment,
 * unless the agent chose a `TRACEPARENT` for it, so that a child that is traced continues the trace.
 *
 * A child that ends with another code than 0, or by a signal that its parent did not send, has failed; one that
 * its parent killed is cancelled (`clew.cancelled`).
 */
export const childProcess: Library = {
  name: "child_process",
  instrumentation: () => new ChildProcessInstrumentation(),
};

class ChildProcessInstrumentation extends InstrumentationBase {
  constructor() {
    super("clew.child_process", "0.1.0", {});
  }

  protected override init(): InstrumentationNodeModuleDefinition[] {
    // An ES module has its own list of exports, and a default one which is the CommonJS module.
    const patch = (...targets: Exports[]) =>
      attempt("child_process", () => {
        const own = createRequire(import.meta.url)("node:child_process") as Exports;
        patchSpawn(this.tracer, own.ChildProcess.prototype);
        for (const target of new Set([own, ...targets])) {
          for (const name of ["spawnSync", "execFileSync", "execSync"] as const)
            patchSync(this.tracer, target, name);
        }
      });
    return [
      new InstrumentationNodeModuleDefinition("child_process", ["*"], (exports: Exports) => {
        patch(exports);
        return exports;
      }),
      // It forks its workers without anybody having loaded the other module.
      new InstrumentationNodeModuleDefinition("cluster", ["*"], (exports) => {
        patch();
        return exports;
      }),
    ];
  }
}

const PATCHED = new WeakSet<object>();

/** What `--import` names, beside the file that this one is bundled into. */
const PRELOAD = new URL("./register.mjs", import.meta.url).href;

/** The one place through which `spawn`, `exec`, `execFile` and `fork` pass, however they were imported. */
function patchSpawn(tracer: Tracer, prototype: ChildProcess): void {
  if (PATCHED.has(prototype)) return;
  PATCHED.add(prototype);
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const span = attempt("child_process", () => startSpan(tracer, nameOf(options)));
    if (span === undefined) return spawn.call(this, options);
    attempt("child_process", () => addToPairs(options, span));
    let error: number;
    try {
      error = spawn.call(this, options);
    } catch (thrown) {
      endSpan(span, { error: thrown as Error });
      throw thrown;
    }
    attempt("child_process", () => watch(this, span));
    return error;
  };
}

/** `exit` does not come for a child that could not be started. */
function watch(child: ChildProcess, span: Span): void {
  if (child.pid !== undefined) span.setAttribute("process.pid", child.pid);
  child.once("exit", (code: number | null, signal: string | null) =>
    endSpan(span, { code, signal, cancelled: child.killed }),
  );
  child.once(errorMonitor, (error: End["error"]) => {
    if (child.pid === undefined) endSpan(span, { error });
  });
}

function nameOf({ file, args, shell }: SpawnOptions): string {
  return shell ? commandName(String(args?.at(-1) ?? ""), true) : commandName(String(file ?? ""), false);
}

function addToPairs(options: SpawnOptions, span: Span): void {
  const pairs = options.envPairs;
  if (!Array.isArray(pairs)) return;
  const child = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const changes = changesFor(child, span);
  const kept = pairs.filter((pair) => !(pair.slice(0, pair.indexOf("=")) in changes));
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  options.envPairs = [...kept, ...added];
}

/** As they are now: an agent can have changed them. */
function variablesOfProcess(): Variables {
  // biome-ignore lint/style/noProcessEnv: it is what a child inherits, not configuration
  return process.env;
}

/** Variables of a child that differ from what its parent gave it; undefined for one that is taken away. */
function changesFor(child: Variables, span: Span): Record<string, string | undefined> {
  const parent = variablesOfProcess();
  const changes: Record<string, string | undefined> = inheritedVariables(parent, child, PRELOAD);
  if (choosesContext(parent, child)) return changes;
  return { ...changes, ...carrierOf(trace.setSpan(context.active(), span)) };
}

function patchSync(
  tracer: Tracer,
  exports: Record<string, unknown>,
  name: "spawnSync" | "execFileSync" | "execSync",
) {
  const original = exports[name] as Method;
  if (PATCHED.has(original)) return;
  const patched: Method = function (this: unknown, ...args) {
    const traced = attempt("child_process", () => {
      const at = name === "execSync" ? 1 : Array.isArray(args[1]) || args[1] == null ? 2 : 1;
      const options = (args[at] ?? {}) as { env?: Variables; shell?: unknown };
      const span = startSpan(
        tracer,
        commandName(String(args[0]), name === "execSync" || Boolean(options.shell)),
      );
      const changed = [...args];
      if (typeof options === "object") changed[at] = { ...options, env: environmentFor(options.env, span) };
      return { span, args: changed };
    });
    if (traced === undefined) return original.apply(this, args);
    const { span } = traced;
    try {
      const result = original.apply(this, traced.args);
      attempt("child_process", () => endSpan(span, name === "spawnSync" ? endOf(result) : { code: 0 }));
      return result;
    } catch (error) {
      attempt("child_process", () => endSpan(span, endOf(error)));
      throw error;
    }
  };
  Object.defineProperty(patched, "name", { value: name, configurable: true });
  PATCHED.add(patched);
  exports[name] = patched;
}

/** What a synchronous form returns or throws has the exit code as `status`. */
function endOf(result: unknown): End {
  const { status, signal, error, code, message } = (result ?? {}) as {
    status?: number | null;
    signal?: string | null;
    error?: End["error"];
    code?: unknown;
    message?: string;
  };
  const failed = error ?? (code === undefined || typeof status === "number" ? undefined : { code, message });
  return { code: status, signal, error: failed as End["error"] };
}

/** Inherited properties are variables too: Node reads them. */
function environmentFor(given: Variables | undefined, span: Span): Variables {
  const environment: Record<string, string | undefined> = {};
  const from = given ?? variablesOfProcess();
  for (const name in from) environment[name] = from[name];
  for (const [name, value] of Object.entries(changesFor(environment, span))) environment[name] = value;
  for (const name of CARRIER_NAMES) if (environment[name] === undefined) delete environment[name];
  return environment;
}

function startSpan(tracer: Tracer, name: string): Span {
  return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { "process.executable.name": name } });
}

function endSpan(span: Span, { code, signal, error, cancelled }: End): void {
  if (typeof code === "number") span.setAttribute("process.exit.code", code);
  const type =
    error === undefined ? (signal ?? (code ? String(code) : undefined)) : String(error.code ?? "error");
  if (signal) span.setAttribute("clew.process.signal", signal);
  if (cancelled) span.setAttribute("clew.cancelled", true);
  else if (type !== undefined) {
    span.setAttribute("error.type", type);
    span.setStatus({ code: SpanStatusCode.ERROR, ...(signal && { message: `killed by ${signal}` }) });
  }
  span.end();
}

import type { LoggerProvider, TextMapPropagator, TracerProvider } from "@opentelemetry/api";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { attempt } from "../attempt.ts";
import { seeLoggerProvider } from "../logs/own-senders.ts";
import { instrumentationOf } from "../module-patch.ts";
import type { OwnSdk } from "./own-sdk.ts";

/** Where every copy of the API keeps what is registered, and the version it was made by. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");

type Registry = Record<string, unknown> & { readonly version: string };
type Methods = Record<string, (...args: unknown[]) => unknown>;

/**
 * The agent's copies of the API. What is registered with them would be refused, because we are registered
 * already: it is joined to ours instead. Metrics and the diagnostic logger are the agent's alone, and are refused
 * only when our copy is of another version.
 */
export function apiPatch(ownSdk: OwnSdk): Instrumentation {
  return instrumentationOf("clew.opentelemetry-api", [
    {
      module: "@opentelemetry/api",
      versions: [">=1.0.0 <2"],
      patch: (api, version) => patchApi(ownSdk, api, version),
    },
    {
      module: "@opentelemetry/api-logs",
      versions: [">=0.30.0 <1"],
      patch: (api) => {
        before(api.logs, "setGlobalLoggerProvider", (provider) => {
          ownSdk.setLoggerProvider(provider as LoggerProvider);
          seeLoggerProvider();
        });
        return api;
      },
    },
  ]);
}

function patchApi(ownSdk: OwnSdk, api: Record<string, unknown>, version: string): unknown {
  allowNewer(version);
  instead(api.trace, "setGlobalTracerProvider", (provider) =>
    ownSdk.setTracerProvider(provider as TracerProvider),
  );
  instead(api.propagation, "setGlobalPropagator", (propagator) => {
    ownSdk.setPropagator(propagator as TextMapPropagator);
    return true;
  });
  instead(api.context, "setGlobalContextManager", () => true);
  instead(api.logs, "setGlobalLoggerProvider", (provider) => {
    ownSdk.setLoggerProvider(provider as LoggerProvider);
    return true;
  });
  around(api.metrics, "setGlobalMeterProvider", version);
  around(api.diag, "setLogger", version);
  return api;
}

/** Replaces a method of one of the API's objects; what it should answer when ours fails is false. */
function instead(object: unknown, name: string, work: (argument: unknown) => boolean): void {
  const methods = object as Methods | undefined;
  if (typeof methods?.[name] !== "function") return;
  methods[name] = (argument) => attempt("own-sdk", () => work(argument)) ?? false;
}

function before(object: unknown, name: string, work: (argument: unknown) => void): void {
  const methods = object as Methods | undefined;
  const original = methods?.[name];
  if (methods === undefined || typeof original !== "function") return;
  methods[name] = function (this: unknown, ...args) {
    attempt("own-sdk", () => work(args[0]));
    return Reflect.apply(original, this, args);
  };
}

/** Has a method find a registry of its own version, whichever version ours has. */
function around(object: unknown, name: string, version: string): void {
  const methods = object as Methods | undefined;
  const original = methods?.[name];
  if (methods === undefined || typeof original !== "function") return;
  methods[name] = function (this: unknown, ...args) {
    const holder = globalThis as { [REGISTRY]?: Registry };
    const registry = holder[REGISTRY];
    if (registry === undefined || registry.version === version) return Reflect.apply(original, this, args);
    const stand = { ...registry, version };
    holder[REGISTRY] = stand;
    try {
      return Reflect.apply(original, this, args);
    } finally {
      const { version: _, ...registered } = stand;
      Object.assign(registry, registered);
      holder[REGISTRY] = registry;
    }
  };
}

/** A copy of the API looks away from a registry that is older than itself. */
function allowNewer(version: string): void {
  const holder = globalThis as { [REGISTRY]?: Registry };
  const registry = holder[REGISTRY];
  const minor = (of: string): number => Number(of.split(".")[1]);
  if (registry === undefined || !(minor(version) > minor(registry.version))) return;
  holder[REGISTRY] = { ...registry, version: `1.${minor(version)}.0` };
}

import type { ContentLevel } from "../understand/call.ts";

/** The `gateway` section of clew.yaml: complete, checked, with secrets filled in and paths absolute. */
export interface GatewayConfig {
  readonly listeners: readonly Listener[];
  /** By name; at least one. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** In the order in which they are tried; those that follow from upstreams come last. */
  readonly routes: readonly Route[];
  readonly tracing: Tracing;
  readonly recording: Recording;
  readonly limits: Limits;
  /** A file, absolute; `-` for standard output; undefined: none. */
  readonly accessLog: string | undefined;
}

export interface Listener {
  readonly name: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Pages of other origins that may call, `*` for all; those of this machine always may. */
  readonly origins: readonly string[];
  /** What callers present; undefined when nobody is asked. */
  readonly token: string | undefined;
}

/** What an upstream is, which decides what its calls mean. */
export type UpstreamKind = "model" | "agent" | "service";

export interface Upstream {
  readonly name: string;
  readonly kind: UpstreamKind;
  /** Base: its path goes before that of a request. Without query, fragment and credentials. */
  readonly url: URL;
  /** `gen_ai.provider.name`; undefined where nothing says it. */
  readonly provider: string | undefined;
  /** Sent instead of the caller's headers of these names, lower case; an empty one is not sent. Secrets. */
  readonly headers: ReadonlyMap<string, string>;
  /** Patterns of model names that it serves; empty where it is not chosen by model. */
  readonly models: readonly string[];
  readonly connectTimeoutMs: number;
  /** Until the head of the answer. */
  readonly timeoutMs: number;
  /** Between two pieces of an answer. */
  readonly idleTimeoutMs: number;
  /** Further tries after the first, of this upstream. */
  readonly retries: number;
  /** Requests at once; more are refused, or go to a fallback. */
  readonly maxRequests: number;
  /** Whether trace context goes there; undefined: where its host is allowed. */
  readonly propagate: boolean | undefined;
}

/** One place that a request may go to. */
export interface Target {
  readonly upstream: string;
  /** Share among the targets of a route; 0 is never chosen. */
  readonly weight: number;
  /** Model that is asked for instead of the one in the request. */
  readonly model: string | undefined;
}

/** A route fits when all that it names fits. */
export interface Route {
  readonly name: string;
  /** Beginning of the path, in whole segments; `/` is every path. */
  readonly path: string;
  /** Patterns of model names with `*`; undefined: any, also none. */
  readonly models: readonly string[] | undefined;
  /** Header names, lower case, and patterns of their values. */
  readonly headers: ReadonlyMap<string, string>;
  readonly host: string | undefined;
  /** Whether `path` is taken off before the rest is put behind the upstream's base. */
  readonly stripPath: boolean;
  /** At least one. */
  readonly targets: readonly Target[];
  /** Asked one after the other when the chosen target fails. */
  readonly fallbacks: readonly Target[];
}

export interface Tracing {
  readonly serviceName: string;
  /** Percent of the traces that begin here, 0 to 100. */
  readonly randomSampling: number;
  /** How much of prompts and answers becomes attributes. */
  readonly capture: ContentLevel;
  readonly spanAttributes: {
    /** Lower case. */
    readonly headerPrefixes: readonly string[];
    readonly static: ReadonlyMap<string, string>;
  };
  /** Request headers, lower case, whose value is an id, with its key. */
  readonly correlationHeaders: ReadonlyMap<string, string>;
  /** Hosts that get trace context beside those that always do. */
  readonly propagateTo: readonly string[];
  /** Empty: nothing is exported. */
  readonly exporters: readonly ExporterConfig[];
}

/** One OTLP/HTTP endpoint. */
export interface ExporterConfig {
  /** Without `/v1/traces`, or with it. */
  readonly url: string;
  /** Secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean | undefined;
  readonly timeoutMs: number | undefined;
}

export interface Recording {
  readonly mode: "off" | "record" | "replay";
  /** Absolute. */
  readonly folder: string;
  readonly match: "strict" | "loose";
  /** What a replay does with a request that was not recorded: answer with an error, or ask the upstream. */
  readonly missing: "error" | "forward";
  /** Whether a replayed answer takes the time it took. */
  readonly pace: "original" | "fast";
}

export interface Limits {
  /** Requests at once, of all listeners; more are answered with 503. */
  readonly maxRequests: number;
  /** Of one request: larger ones are passed on without being read, so without model, retries and fallbacks. */
  readonly keptBodyBytes: number;
  /** Of all requests together. */
  readonly keptBodiesBytes: number;
  /** What requests have left when the gateway stops. */
  readonly drainMs: number;
}

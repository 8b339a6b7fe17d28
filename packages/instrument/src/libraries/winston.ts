import { stripVTControlCharacters } from "node:util";
import { type Attributes, type Context, context, logs } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { activeLogIds, addIds, type LogIds } from "../logs/log-ids.ts";
import { logTime } from "../logs/log-time.ts";
import { hasOwnTransport } from "../logs/own-senders.ts";
import { severityOfName } from "../logs/severity.ts";
import { instrumentationOf } from "../module-patch.ts";

/** What one call of a logger hands through formats to transports. */
type Info = Record<string | symbol, unknown>;

interface WinstonLogger {
  write(info: Info, ...rest: unknown[]): boolean;
  push(info: unknown, ...rest: unknown[]): boolean;
  isLevelEnabled(level: string): boolean;
  readonly transports?: unknown;
}

const SCOPE = "clew.winston";
const LEVEL = Symbol.for("level");
/** Said by the record already. */
const REDUNDANT = new Set(["level", "message", "stack", "trace_id", "span_id", "trace_flags"]);

/**
 * Puts ids into winston's records before its formats see them, and sends what the logger's format made of them,
 * so a format that takes secrets out is obeyed. Transports and their own formats stay winston's.
 */
export const winston: Library = {
  name: "winston",
  instrumentation: (settings) =>
    instrumentationOf(SCOPE, [
      {
        module: "winston",
        versions: [">=3.2 <4"],
        files: ["lib/winston/logger.js"],
        patch: (exports) =>
          new WinstonLines(activeLogIds(settings)).patch(exports.prototype as WinstonLogger),
      },
    ]),
};

/** The wrappers of one copy of winston. */
class WinstonLines {
  readonly #ids: () => LogIds | undefined;
  readonly #logger = logs.getLogger(SCOPE);
  /** A slow transport delays the format, so the context is that of the call. */
  readonly #contexts = new WeakMap<Info, Context>();
  /** Ids put on objects that belong to the agent, which may log them again elsewhere. */
  readonly #added = new WeakMap<Info, LogIds>();

  constructor(ids: () => LogIds | undefined) {
    this.#ids = ids;
  }

  /** `prototype` is that of all loggers. */
  patch(prototype: WinstonLogger): void {
    const { write, push } = prototype;
    const lines = this;
    define(prototype, "write", function (this: WinstonLogger, info: Info, ...rest: unknown[]) {
      if (isInfo(info)) attempt(SCOPE, () => lines.#asked(info));
      return write.call(this, info, ...rest);
    });
    define(prototype, "push", function (this: WinstonLogger, info: unknown, ...rest: unknown[]) {
      if (isInfo(info)) attempt(SCOPE, () => lines.#send(this, info));
      return push.call(this, info, ...rest);
    });
  }

  #asked(info: Info): void {
    this.#contexts.set(info, context.active());
    const earlier = this.#added.get(info);
    for (const key in earlier) if (info[key] === earlier[key]) delete info[key];
    const ids = this.#ids();
    if (ids === undefined) return;
    addIds(info, ids);
    this.#added.set(info, ids);
  }

  #send(logger: WinstonLogger, info: Info): void {
    const level = String(info[LEVEL] ?? info.level);
    if (!this.#logger.enabled() || !logger.isLevelEnabled(level)) return;
    if (hasOwnTransport(logger.transports)) return;
    const { message, stack, name } = info;
    const isError = typeof stack === "string";
    this.#logger.emit({
      timestamp: logTime(),
      severityNumber: severityOfName(level),
      severityText: level,
      body: typeof message === "string" ? stripVTControlCharacters(message) : plain(message),
      attributes: attributesOf(info),
      context: this.#contexts.get(info) ?? context.active(),
      ...(isError && { exception: { name: name ?? "Error", message, stack } }),
    });
  }
}

function isInfo(value: unknown): value is Info {
  return typeof value === "object" && value !== null;
}

/** Methods of a prototype are not enumerable, and wrapped ones are not either. */
function define(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false });
}

function attributesOf(info: Info): Attributes {
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(info)) {
    const isTime = key === "timestamp" && !Number.isNaN(Date.parse(String(value)));
    if (!REDUNDANT.has(key) && !isTime) attributes[key] = plain(value);
  }
  return attributes as Attributes;
}

/** A value as JSON shows it; one that JSON refuses, as text. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return value.stack ?? String(value);
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return String(value);
  }
}

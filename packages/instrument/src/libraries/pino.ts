import { logs } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { sendJsonLine, withIds } from "../logs/json-line.ts";
import { activeLogIds, type LogIds } from "../logs/log-ids.ts";
import { isSentByAgent } from "../logs/own-senders.ts";
import { instrumentationOf } from "../module-patch.ts";

type AsJson = (this: PinoLogger, object: object, message: string, level: number, time: string) => string;
type Write = (this: PinoLogger, object: unknown, message: string, level: number) => void;

interface PinoLogger {
  readonly levels?: { readonly labels?: Readonly<Record<number, string>> };
  [symbol: symbol]: unknown;
}

/** The names of pino's own properties; each copy of pino has others. */
type PinoSymbols = Readonly<
  Record<"asJsonSym" | "writeSym" | "hooksSym" | "messageKeySym" | "errorKeySym", symbol>
>;

interface Hooks {
  readonly streamWrite?: (line: string) => string;
}

const SCOPE = "clew.pino";
const VERSIONS = [">=7 <11"];

/**
 * Puts ids into the line that pino made, and sends that line on. Streams, transports in worker threads, mixins,
 * formatters, serializers and redaction stay pino's own: none is replaced, and what is sent went through all.
 */
export const pino: Library = {
  name: "pino",
  instrumentation: (settings) => {
    const ids = activeLogIds(settings);
    let symbols: PinoSymbols | undefined;
    return instrumentationOf(SCOPE, [
      {
        module: "pino",
        versions: VERSIONS,
        files: ["lib/symbols.js"],
        patch: (exports) => {
          symbols = exports as unknown as PinoSymbols;
        },
      },
      {
        module: "pino",
        versions: VERSIONS,
        files: ["lib/proto.js"],
        patch: (exports) => {
          const make = exports as unknown as () => PinoLogger;
          if (symbols !== undefined) new PinoLines(symbols, ids).patch(Object.getPrototypeOf(make()));
        },
      },
    ]);
  },
};

/** The wrappers of one copy of pino. */
class PinoLines {
  readonly #symbols: PinoSymbols;
  readonly #ids: () => LogIds | undefined;
  readonly #logger = logs.getLogger(SCOPE);
  readonly #followed = new WeakSet<object>();
  /** Who made the line that the agent's own hook is about to change. */
  #writing: { readonly logger: PinoLogger; readonly level: number } | undefined;

  constructor(symbols: PinoSymbols, ids: () => LogIds | undefined) {
    this.#symbols = symbols;
    this.#ids = ids;
  }

  /** `prototype` is that of all loggers. */
  patch(prototype: PinoLogger): void {
    const { asJsonSym, writeSym } = this.#symbols;
    const asJson = prototype[asJsonSym] as AsJson;
    const write = prototype[writeSym] as Write;
    const lines = this;
    prototype[asJsonSym] = function (this: PinoLogger, object, message, level, time) {
      const line = asJson.call(this, object, message, level, time);
      return attempt(SCOPE, () => lines.#made(this, line, level)) ?? line;
    } satisfies AsJson;
    prototype[writeSym] = function (this: PinoLogger, object, message, level) {
      attempt(SCOPE, () => lines.#followHook(this));
      write.call(this, object, message, level);
    } satisfies Write;
  }

  #made(logger: PinoLogger, line: string, level: number): string {
    const ids = this.#ids();
    const result = ids === undefined ? line : withIds(line, ids);
    if (this.#hooksOf(logger)?.streamWrite === undefined) this.#send(logger, result, level);
    else this.#writing = { logger, level };
    return result;
  }

  /** The hook `streamWrite` may take secrets out of the line, so what is sent is what it returns. */
  #followHook(logger: PinoLogger): void {
    const hooks = this.#hooksOf(logger);
    const streamWrite = hooks?.streamWrite;
    if (hooks === undefined || streamWrite === undefined || this.#followed.has(hooks)) return;
    const followed: Hooks = {
      ...hooks,
      streamWrite: (line) => {
        const result = streamWrite(line);
        const writing = this.#writing;
        this.#writing = undefined;
        if (writing !== undefined) attempt(SCOPE, () => this.#send(writing.logger, result, writing.level));
        return result;
      },
    };
    this.#followed.add(followed);
    let owner = logger;
    while (!Object.hasOwn(owner, this.#symbols.hooksSym)) owner = Object.getPrototypeOf(owner);
    owner[this.#symbols.hooksSym] = followed;
  }

  #hooksOf(logger: PinoLogger): Hooks | undefined {
    return logger[this.#symbols.hooksSym] as Hooks | undefined;
  }

  #send(logger: PinoLogger, text: string, level: number): void {
    if (isSentByAgent("pino") || !this.#logger.enabled()) return;
    const { messageKeySym, errorKeySym } = this.#symbols;
    sendJsonLine(this.#logger, {
      text,
      level,
      levelName: logger.levels?.labels?.[level] ?? "",
      messageKey: String(logger[messageKeySym] ?? "msg"),
      errorKey: String(logger[errorKeySym] ?? "err"),
    });
  }
}

import { inspect } from "node:util";
import { type DestinationStream, type Logger as PinoLogger, pino, stdSerializers } from "pino";
import { printable } from "./printable.ts";

/** What a module may say; it never decides where that goes. */
export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error">;

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

export interface LogTarget {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly target: LogTarget;
  /** One line for people instead of JSON; default: when the target is a terminal. */
  readonly forPeople?: boolean;
  readonly color?: boolean;
}

/** The process's log: a JSON object a line, or where people read along, one line of text. */
export function createLogger(options: LogOptions): Logger {
  const { level, target, color = false } = options;
  const forPeople = options.forPeople ?? target.isTTY === true;
  const stream: DestinationStream = forPeople
    ? { write: (line) => target.write(`${lineForPeople(JSON.parse(line), color)}\n`) }
    : { write: (line) => target.write(line) };
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    stream,
  );
}

const COLORS: Readonly<Record<string, number>> = { error: 31, warn: 33, info: 36, debug: 90, trace: 90 };
const DIM = 2;

/** `12:00:05 warn  message  key=value`; an error's message is a value, its stack comes on lines of its own. */
function lineForPeople(record: Record<string, unknown>, color: boolean): string {
  const { level, time, msg, ...details } = record;
  const paint = (code: number, text: string): string => (color ? `\x1b[${code}m${text}\x1b[0m` : text);
  const word = String(level);
  const stacks: string[] = [];
  const pairs = Object.entries(details).map(([key, value]) => {
    const stack = (value as { stack?: unknown } | null)?.stack;
    if (typeof stack !== "string") return `${key}=${plain(value)}`;
    if (word === "error" || word === "debug")
      stacks.push(stack.replace(/.+/g, (line) => `    ${printable(line)}`));
    return `${key}=${plain((value as { message?: unknown }).message)}`;
  });
  const parts = [
    paint(DIM, clockTime(String(time))),
    paint(COLORS[word] ?? 0, word.padEnd(5)),
    [printable(String(msg ?? "")), pairs.length > 0 ? paint(DIM, pairs.join(" ")) : ""]
      .filter(Boolean)
      .join("  "),
  ];
  return [parts.join(" "), ...stacks].join("\n");
}

function clockTime(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

function plain(value: unknown): string {
  if (typeof value === "string") return printable(/^[^\s="]+$/.test(value) ? value : JSON.stringify(value));
  return printable(inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 }));
}

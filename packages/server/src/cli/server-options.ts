import { ApiClient } from "@clew/protocol/api/client";
import type { Moment } from "@clew/protocol/api/requests";
import { type Command, InvalidArgumentError } from "commander";
import { findServer } from "../config/server-address.ts";
import type { Shell } from "./shell.ts";

export interface ServerOptions {
  readonly url?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds what every command that talks to a server takes. */
export function withServerOptions(command: Command, json: string): Command {
  return command
    .option("--json", json)
    .option(
      "--url <url>",
      "address of the server (default: CLEW_URL, else where clew.yaml has it, else http://127.0.0.1:4319)",
    )
    .option("--config <file>", "configuration file to find the server by");
}

export function clientOf(shell: Shell, options: ServerOptions): ApiClient {
  const { url, token } = findServer({ flags: { ...options }, env: shell.env, cwd: shell.cwd });
  return new ApiClient({ baseUrl: url, token });
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_AND_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;

/** `1h`, `30m`, `2d`: that long ago. A date, with or without a time, is local where it names no zone. */
export function parseMoment(text: string): Moment {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text)) return `now-${text}`;
  const isDate = DATE.test(text);
  // A date alone is one of UTC to JavaScript.
  const at = isDate || DATE_AND_TIME.test(text) ? new Date(isDate ? `${text}T00:00` : text) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError(
      "It must be a length of time such as 30m, 1h or 2d, or a date such as 2026-11-21T09:00.",
    );
  }
  return at.toISOString();
}

export function parseDuration(text: string): string {
  if (/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a length of time such as 250ms, 1.5s or 2m.");
}

export function parseLimit(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
  };
}

/** Gathers `key=value` of an option that may be repeated. */
export function parseAttribute(
  text: string,
  before: Readonly<Record<string, string[]>> = {},
): Record<string, string[]> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It must be key=value.");
  const key = text.slice(0, at);
  return { ...before, [key]: [...(before[key] ?? []), text.slice(at + 1)] };
}

/** Gathers the values of an option that may be repeated. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

import { subscribe } from "node:diagnostics_channel";
import { formatWithOptions, stripVTControlCharacters } from "node:util";
import { logs } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { logTime } from "../logs/log-time.ts";
import { severityOfName } from "../logs/severity.ts";
import { instrumentationOf } from "../module-patch.ts";

const SCOPE = "clew.console";
const LEVELS = ["log", "info", "warn", "error", "debug"];
/** The agent's own `inspect` methods run for the terminal, and not a second time for us. */
const FORMAT = { colors: false, customInspect: false };
const MAX_BODY = 16_384;

/**
 * Sends what is written to the console as log records. It listens to the channels on which Node's console itself
 * tells of every call, so nothing is wrapped and the output is what it is without us; a Node without them sends
 * nothing.
 */
export const nodeConsole: Library = {
  name: "console",
  instrumentation: ({ consoleLogs }) => {
    if (consoleLogs) listen();
    return instrumentationOf(SCOPE, []);
  },
};

function listen(): void {
  const logger = logs.getLogger(SCOPE);
  const send = (level: string, args: readonly unknown[]) => {
    if (!logger.enabled()) return;
    const body = stripVTControlCharacters(formatWithOptions(FORMAT, ...args)).slice(0, MAX_BODY);
    logger.emit({ timestamp: logTime(), severityNumber: severityOfName(level), severityText: level, body });
  };
  for (const level of LEVELS) {
    subscribe(`console.${level}`, (args) => attempt(SCOPE, () => send(level, args as unknown[])));
  }
}

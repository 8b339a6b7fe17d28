import { join } from "node:path";

/** Where an engine process answers: a Unix socket, or a TCP port of this machine (0 picks a free one). */
export type Listen = { readonly socket: string } | { readonly host: string; readonly port: number };

/** The first message to an engine process. */
export interface StartEngine {
  readonly dataDir: string;
  readonly listen: Listen;
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Sessions that read at the same time. */
  readonly readers: number;
  /** Bound for a statement that brings none of its own. */
  readonly maxExecutionTimeS: number;
  /** Bound for a statement that brings none of its own. */
  readonly maxMemoryBytes: number;
}

/** What an engine process says, once: it answers at `listen`, or it will not, and ends. */
export type EngineStarted = { readonly listen: Listen } | { readonly message: string };

/** The folder of an engine's data where rows are put that a statement then reads as a file. */
export function spoolDirOf(dataDir: string): string {
  return join(dataDir, "spool");
}

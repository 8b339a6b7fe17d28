import { ApiError, ServerUnreachable } from "@clew/protocol/api/api-error";
import { CommanderError } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { PublicError } from "../errors.ts";
import { printable } from "../printable.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The command line asks for something that cannot be; the message says what can. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command could not do all it was asked to, and has said so; only the exit code is left to say. */
export class Failed extends Error {
  override readonly name = "Failed";
  readonly exitCode: number;

  constructor(exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super("", options);
    this.exitCode = exitCode;
  }
}

/** A program that was run has ended, or could not be started; its exit code is passed on. */
export class CommandEnded extends Error {
  override readonly name = "CommandEnded";
  readonly exitCode: number;
  readonly problem: string | undefined;

  constructor(exitCode: number, problem: string | undefined) {
    super(`The program ended with ${exitCode}`);
    this.exitCode = exitCode;
    this.problem = problem;
  }
}

export interface Failure {
  readonly exitCode: number;
  /** What the user is told; none when it was told already. */
  readonly lines: readonly string[];
}

const START = import.meta.url.endsWith(".ts") ? "npm start" : "clew serve";

/** How a command that ended with `error` ends for its user. */
export function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage, lines: [] };
  if (error instanceof CommandEnded) {
    return { exitCode: error.exitCode, lines: error.problem === undefined ? [] : [error.problem] };
  }
  if (error instanceof Failed) return { exitCode: error.exitCode, lines: [] };
  if (error instanceof UsageError) return { exitCode: EXIT.usage, lines: [error.message] };
  if (error instanceof ConfigError) return { exitCode: EXIT.usage, lines: error.problems };
  if (signal.aborted) return { exitCode: EXIT.interrupted, lines: [] };
  if (error instanceof ServerUnreachable) return { exitCode: EXIT.failed, lines: [unreachable(error)] };
  if (error instanceof ApiError) return { exitCode: EXIT.failed, lines: [told(error)] };
  if (error instanceof PublicError) return { exitCode: EXIT.failed, lines: [error.message] };
  const system = systemError(error);
  if (system !== undefined) return { exitCode: EXIT.failed, lines: [system] };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT.failed, lines: ["An unexpected error, which is a fault of Clew:", stack] };
}

/** What `fetch` could not do, as far as it is known, stands in the cause of its error. */
function unreachable({ url, cause }: ServerUnreachable): string {
  const code = String(((cause as Error | undefined)?.cause as NodeJS.ErrnoException | undefined)?.code ?? "");
  if (code === "ECONNREFUSED" || code === "")
    return `No Clew server answers at ${url}; start one with: ${START}`;
  if (code === "ENOTFOUND") return `There is no machine of the name in ${url}`;
  if (/CERT|SELF_SIGNED|ALTNAME/.test(code)) {
    return `The certificate of ${url} is not trusted (${code}); NODE_EXTRA_CA_CERTS names a file of those to trust`;
  }
  return `No Clew server answers at ${url} (${code})`;
}

function told(error: ApiError): string {
  if (error.status === 401) {
    return "The server asks for its token and got none or another: set CLEW_TOKEN to what it was started with";
  }
  const message = printable(error.message.trim()).replace(/\.$/, "");
  if (error.candidates.length > 0) return `${message}: ${error.candidates.map(printable).join(", ")}`;
  return error.hint === undefined ? message : `${message}. ${printable(error.hint)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not do that",
  EISDIR: "it is a folder",
  ENOSPC: "no room is left on the disk",
  EROFS: "the disk is read-only",
};

function systemError(error: unknown): string | undefined {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  return [path, REASONS[code] ?? `${syscall} failed with ${code}`].filter(Boolean).join(": ");
}

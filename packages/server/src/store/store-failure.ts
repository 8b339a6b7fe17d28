import { ClickHouseError } from "@clickhouse/client";
import { QueryTimeout, QueryTooLarge, StoreRefused, StoreUnavailable } from "./store-errors.ts";

/** The machine's disk is full, or not ours to write to. */
const DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM"]);
const TIMEOUTS = new Set([159, 160]);
const TOO_LARGE = new Set([158, 241, 307, 396]);
/** The server is up but cannot take the statement now: too busy, shutting down, its own peers away. */
const PASSING = new Set([202, 209, 210, 225, 236, 242, 243, 252, 279, 394, 999]);

/**
 * What a failure of the client means to a caller of the store. `away` words the error for a database that
 * cannot be reached. What is no failure of the database comes back as it is: it is a bug.
 */
export function storeFailure(error: unknown, away: (cause: unknown) => StoreUnavailable): unknown {
  const options = { cause: error };
  if (error instanceof ClickHouseError) {
    const code = Number(error.code);
    const message = error.message.trim();
    if (TIMEOUTS.has(code)) return new QueryTimeout("The query took too long", options);
    if (TOO_LARGE.has(code)) return new QueryTooLarge(`The query asks for too much: ${message}`, options);
    if (PASSING.has(code)) return new StoreUnavailable(message, 1, options);
    return new StoreRefused(code, message, options);
  }
  if (error instanceof Error && DISK.has(String((error as NodeJS.ErrnoException).code))) {
    return new StoreUnavailable(`Nothing can be written: ${error.message}`, 5, options);
  }
  return isConnectionFailure(error) ? away(error) : error;
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^(E[A-Z]+|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE)$/.test(code)) return true;
  return /socket hang up|timeout error|aborted|premature close/i.test(error.message);
}

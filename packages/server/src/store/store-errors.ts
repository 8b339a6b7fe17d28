import { PublicError } from "../errors.ts";

/** The engine is restarting, or the cluster cannot be reached or does not answer: retry later. */
export class StoreUnavailable extends PublicError {
  readonly code = "store_unavailable";
  readonly status = 503;
  /** When it is worth trying again. */
  readonly retryAfterS: number;

  constructor(message: string, retryAfterS = 1, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterS = retryAfterS;
  }
}

/** The database refused the statement; the message is its own. */
export class StoreRefused extends PublicError {
  readonly code = "store_refused";
  readonly status = 500;
  /** ClickHouse's error number, e.g. 60 for an unknown table. */
  readonly clickhouseCode: number;

  constructor(clickhouseCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.clickhouseCode = clickhouseCode;
  }
}

/** The query took longer than it was allowed to. */
export class QueryTimeout extends PublicError {
  readonly code = "query_timeout";
  readonly status = 408;
}

/** The caller aborted the query. */
export class QueryCancelled extends PublicError {
  readonly code = "query_cancelled";
  readonly status = 499;
}

/** The query needs more memory than it is allowed: narrow the time range or ask for fewer rows. */
export class QueryTooLarge extends PublicError {
  readonly code = "query_too_large";
  readonly status = 413;
}

/** Another process has the data open. */
export class StoreLocked extends PublicError {
  readonly code = "store_locked";
  readonly status = 409;
}

/** The engine does not start; the message says why. */
export class EngineNotStarted extends PublicError {
  readonly code = "engine_not_started";
  readonly status = 503;
}

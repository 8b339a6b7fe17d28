/** A failure as ClickHouse reports it: its number, and the text it puts into the body of an HTTP answer. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error of the engine process itself, worded as ClickHouse words its own. */
export function refusal(code: number, type: string, message: string): EngineError {
  return new EngineError(code, `Code: ${code}. DB::Exception: ${message}. (${type})`);
}

/** What chDB threw; its text starts with `Code: N.` where ClickHouse is the one complaining. */
export function engineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1002);
  return new EngineError(code, message, { cause: error });
}

const BAD_REQUEST = new Set([6, 26, 27, 33, 36, 38, 41, 42, 43, 53, 62, 69, 70, 72, 117, 130, 131, 456, 457]);
const NOT_FOUND = new Set([46, 47, 50, 60, 81, 115]);

/** The HTTP status ClickHouse answers with for an error number. */
export function httpStatus(code: number): number {
  if (BAD_REQUEST.has(code)) return 400;
  if (NOT_FOUND.has(code)) return 404;
  if (code === 516) return 403;
  if (code === 159) return 408;
  if (code === 48) return 501;
  if (code === 202) return 503;
  return 500;
}

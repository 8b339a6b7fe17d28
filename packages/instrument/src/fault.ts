/** What failed under one name since it was last told. */
export interface Fault {
  /** Which part of the preload failed; few and fixed, such as `openai`. */
  readonly name: string;
  readonly count: number;
  /** The newest error as text, at most 2,000 characters of it. */
  readonly message: string;
}

const MAX_NAMES = 100;
const MAX_MESSAGE = 2000;

const faults = new Map<string, { count: number; message: string }>();

/**
 * Swallows an error of the preload itself and counts it. It never throws and never prints: faults reach the
 * server as log records, with `takeFaults`.
 */
export function countFault(name: string, error: unknown): void {
  let fault = faults.get(name);
  if (fault === undefined) {
    if (faults.size >= MAX_NAMES) return;
    fault = { count: 0, message: "" };
    faults.set(name, fault);
  }
  fault.count++;
  fault.message = textOf(error);
}

/** What was counted since the last call, one element per name. */
export function takeFaults(): Fault[] {
  const taken = Array.from(faults, ([name, { count, message }]) => ({ name, count, message }));
  faults.clear();
  return taken;
}

/** Thrown values belong to somebody else: reading one can throw again. */
function textOf(error: unknown): string {
  try {
    const text = error instanceof Error ? (error.stack ?? error.message) : error;
    return String(text).slice(0, MAX_MESSAGE);
  } catch {
    return "an error that has no text";
  }
}

/** Of the 56 random bits of a trace id, the first 52 decide: as many as a number holds exactly. */
const RANGE = 2 ** 52;

/**
 * Whether a trace that begins here is recorded: a pure function of its id, so that everybody who knows the
 * percentage decides alike, and what is recorded at 25 % is recorded at 50 % too. It is the higher end of the range
 * that is kept, as OpenTelemetry's consistent probability sampling has it.
 */
export function isSampled(traceId: string, percent: number): boolean {
  if (percent >= 100) return true;
  if (percent <= 0) return false;
  return Number.parseInt(traceId.slice(18, 31), 16) >= RANGE * (1 - percent / 100);
}

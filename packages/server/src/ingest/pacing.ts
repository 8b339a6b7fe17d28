/** What the store has at hand while all goes well: two batches on their way and one being gathered. */
const USUAL_BYTES = 256 * 1024 * 1024;
/** Above this the delay no longer grows; what comes then is refused when the log is full. */
const MUCH_BYTES = 1024 * 1024 * 1024;
const LONGEST_MS = 1000;

/**
 * How long to hold back the answer to a request that is durable, while so many bytes wait for the store. Senders
 * that wait for answers slow down to what the store takes, long before any has to be refused; they would resend
 * what was refused, which costs both sides more. Well below the shortest timeout that senders use.
 */
export function answerDelayMs(waitingBytes: number): number {
  const excess = (waitingBytes - USUAL_BYTES) / (MUCH_BYTES - USUAL_BYTES);
  return Math.round(LONGEST_MS * Math.min(Math.max(excess, 0), 1));
}

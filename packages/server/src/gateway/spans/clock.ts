const CHECK_NS = 1_000_000_000n;
const TOLERATED_NS = 20_000_000n;

let offset = wallNs() - process.hrtime.bigint();
let checkedAt = 0n;

/**
 * Nanoseconds since the Unix epoch, from a clock that does not jump within a request. When the machine's time was
 * set, it follows within a second.
 */
export function nowNs(): bigint {
  const ticks = process.hrtime.bigint();
  if (ticks - checkedAt > CHECK_NS) {
    checkedAt = ticks;
    const away = wallNs() - (ticks + offset);
    if (away > TOLERATED_NS || away < -TOLERATED_NS) offset += away;
  }
  return ticks + offset;
}

function wallNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

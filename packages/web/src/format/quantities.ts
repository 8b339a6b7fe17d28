const EN = "en-US";
const whole = new Intl.NumberFormat(EN, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(EN, { notation: "compact", maximumSignificantDigits: 3 });

/** A length of time with three significant digits: `250 µs`, `1.25 s`, `2m 05s`, `1h 02m`, `3d 4h`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms === 0) return "0 ms";
  if (ms < 0.9995) return `${significant(ms * 1000)} µs`;
  if (ms < 999.5) return `${significant(ms)} ms`;
  if (ms < 59_950) return `${significant(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

function significant(value: number): string {
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** All digits, in groups of three. */
export function exact(value: number): string {
  return whole.format(value);
}

/** Three significant digits: `950`, `12.3K`, `4M`. */
export function count(value: number): string {
  return value < 1000 ? exact(value) : compact.format(value);
}

/** `1 span`, `2 spans`. */
export function many(value: number, noun: string): string {
  return `${exact(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** US dollars; empty for nothing. Small amounts keep two significant digits. */
export function cost(usd: number): string {
  if (usd <= 0) return "";
  if (usd >= 0.995)
    return `$${usd.toLocaleString(EN, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  if (usd < 0.000_001) return "<$0.000001";
  const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(digits)}`;
}

/** Bytes as `640 B`, `1.2 KB`, `3.4 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${significant(size / 1e3)} KB` : `${significant(size / 1e6)} MB`;
}

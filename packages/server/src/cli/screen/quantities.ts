/** `1.25 s`, `41.2 s`, `3 m 20 s`, `850 µs`: three figures, the unit that suits. `ascii` writes `us`. */
export function duration(ms: number, ascii = false): string {
  if (ms < 0) return `-${duration(-ms, ascii)}`;
  if (ms === 0) return "0";
  if (ms < 0.9995) return `${figures(ms * 1000)} ${ascii ? "us" : "µs"}`;
  if (ms < 999.5) return `${figures(ms)} ms`;
  if (ms < 59_995) return `${figures(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Three figures without trailing zeros. */
function figures(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const text = value.toFixed(decimals);
  return decimals === 0 ? text : text.replace(/\.?0+$/, "");
}

/** `950`, `1.2k`, `62.1k`, `3.4M`. */
export function count(value: number): string {
  if (value < 1000) return String(value);
  const [scaled, unit] =
    value < 999_950 ? [value / 1e3, "k"] : value < 999_950_000 ? [value / 1e6, "M"] : [value / 1e9, "G"];
  return `${scaled < 99.95 ? scaled.toFixed(1).replace(/\.0$/, "") : Math.round(scaled)}${unit}`;
}

/** `1,234,567` */
export function exact(value: number): string {
  return value.toLocaleString("en-US");
}

/** `12 spans`, `1 span`. */
export function many(value: number, noun: string): string {
  return `${exact(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `$0.0012`, `$0.41`, `$12.40`; empty for nothing. */
export function cost(usd: number): string {
  if (usd === 0) return "";
  if (usd < 0.000_1) return "<$0.0001";
  return `$${usd.toFixed(usd < 0.01 ? 4 : usd < 0.1 ? 3 : 2)}`;
}

/** Local time of day, with the date in front unless it is the day of `nowMs`. */
export function moment(ms: number, nowMs: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `+1.2 s`, `−3`; empty for no difference, and where the size has no text. */
export function signed(difference: number, text: (size: number) => string): string {
  const size = difference === 0 ? "" : text(Math.abs(difference));
  return size === "" ? "" : `${difference > 0 ? "+" : "−"}${size}`;
}

/** `+35%`; empty where nothing was before, and for what is no change or more than tenfold. */
export function signedPercent(before: number, after: number): string {
  if (before === 0) return "";
  const change = Math.round((100 * (after - before)) / before);
  return change === 0 || Math.abs(change) > 999 ? "" : `${signed(change, String)}%`;
}

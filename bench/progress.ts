const begunAt = performance.now();

/** Says on stderr what goes on, so that the table on stdout stays alone. */
export function say(text: string): void {
  const seconds = ((performance.now() - begunAt) / 1000).toFixed(0).padStart(5);
  process.stderr.write(`${seconds} s  ${text}\n`);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

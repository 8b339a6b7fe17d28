const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Milliseconds of a `grpc-timeout` header such as `10S` or `9998m`; undefined when it is absent or no such thing. */
export function grpcTimeoutMs(header: string | undefined): number | undefined {
  if (header === undefined || header.length < 2 || header.length > 9) return undefined;
  const unit = UNIT_MS[header.at(-1)!];
  const amount = Number(header.slice(0, -1));
  return unit === undefined || !Number.isInteger(amount) || amount < 0 ? undefined : amount * unit;
}

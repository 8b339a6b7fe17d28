const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUSES = ["UNSET", "OK", "ERROR"];

/** The name of a span kind in OTLP. */
export function kindName(kind: number): string {
  return `SPAN_KIND_${KINDS[kind] ?? KINDS[0]}`;
}

/** The name of a status code in OTLP. */
export function statusName(status: number): string {
  return `STATUS_CODE_${STATUSES[status] ?? STATUSES[0]}`;
}

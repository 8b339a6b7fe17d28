const MAX_LENGTH = 200;

/** A header's value as it is kept in events and told in messages: not longer than one line, empty when absent. */
export function clip(value: string | undefined): string {
  if (value === undefined) return "";
  return value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value;
}

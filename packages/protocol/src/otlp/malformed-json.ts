/** Text that is no JSON, or JSON whose value does not fit where it stands. */
export class MalformedJson extends Error {
  override readonly name = "MalformedJson";
  /** Such as `resourceSpans[0].scopeSpans[1].spans[3].startTimeUnixNano`; empty for the whole body. */
  readonly path: string;

  /** `fault` says as a phrase what was expected and what came. */
  constructor(
    fault: string,
    { path = "", cause }: { readonly path?: string; readonly cause?: unknown } = {},
  ) {
    const place = path === "" ? "" : ` at ${shorten(path)}`;
    super(`Malformed JSON${place}: ${fault}`, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

const LONGEST_PATH = 240;
const LONGEST_QUOTE = 40;

/** Keeps both ends: where the record is, and what is wrong in it. */
function shorten(path: string): string {
  return path.length > LONGEST_PATH ? `${path.slice(0, 120)}...${path.slice(-100)}` : path;
}

/** Names a JSON value for a message, quoting no more than its beginning. */
export function describeJson(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  const quoted = value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}...` : value;
  return `the text ${JSON.stringify(quoted)}`;
}

/** `a.b[0].c` */
export function jsonPath(segments: readonly (string | number)[]): string {
  let path = "";
  for (const segment of segments) {
    if (typeof segment === "number") path += `[${segment}]`;
    else path += path === "" ? segment : `.${segment}`;
  }
  return path;
}

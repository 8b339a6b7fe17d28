import type { CallResponse } from "./call.ts";
import { fieldsAt } from "./text/json-fields.ts";
import type { KeptBody } from "./text/kept-body.ts";
import { parseJson, readFields } from "./text/read-json.ts";
import type { Fields } from "./text/value.ts";

const NONE: ReadonlySet<string> = new Set();

/** The JSON of an answer in one piece. Of one that is too large: the fields at its beginning and the tokens at its end. */
export function wholeAnswer(
  body: KeptBody,
  unreadFields: ReadonlySet<string> | undefined,
): { readonly value: unknown; readonly unread: CallResponse["unread"] } {
  const { head } = body;
  if (body.isCut) {
    const value = { ...readFields(head, unreadFields ?? NONE)?.fields, ...usageIn(body.tail) };
    return { value, unread: "too_large" };
  }
  if (unreadFields !== undefined) {
    const read = readFields(head, unreadFields);
    if (read !== undefined) return { value: read.fields, unread: read.isWhole ? undefined : "malformed" };
  }
  const value = parseJson(head.toString());
  if (value !== undefined) return { value, unread: undefined };
  // What broke off may still say which model answered.
  return { value: readFields(head, NONE)?.fields, unread: "malformed" };
}

function usageIn(tail: Buffer): Fields {
  const text = tail.toString("latin1");
  for (const key of ["usage", "usageMetadata"]) {
    const match = new RegExp(`"${key}"\\s*:\\s*(?=\\{)`, "g");
    let at = -1;
    for (const found of text.matchAll(match)) at = found.index + found[0].length;
    const { closeAt } = fieldsAt(text, at);
    if (at >= 0 && closeAt > 0) return { [key]: parseJson(tail.toString("utf8", at, closeAt + 1)) };
  }
  return {};
}

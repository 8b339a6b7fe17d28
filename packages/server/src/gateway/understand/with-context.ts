import { A2A_METHOD } from "./apis/a2a.ts";
import { MCP_METHOD } from "./apis/mcp.ts";
import type { CarriedContext } from "./call.ts";
import { elementsAt, type FieldPlace, fieldsAt, skipSpace } from "./text/json-fields.ts";
import { asBuffer, parseJson } from "./text/read-json.ts";

interface Edit {
  readonly at: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The body with a trace context in MCP's `params._meta`, under the keys it reserves for it, or in A2A's
 * `params.metadata`, in every message of a batch; a context that is there already is replaced. All else stays byte for
 * byte. A body without a place for it, or that is not JSON, is returned itself. Its length changes.
 */
export function withContext(api: "mcp" | "a2a", body: Uint8Array, context: CarriedContext): Uint8Array {
  const buffer = asBuffer(body);
  if (parseJson(buffer.toString()) === undefined) return body;
  const text = buffer.toString("latin1");
  const start = skipSpace(text, 0);
  const messages = text[start] === "[" ? elementsAt(text, start).map(([at]) => at) : [start];
  const edits = messages.flatMap((at) => editsOf(api, text, at, context));
  if (edits.length === 0) return body;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { at, end, text: inserted } of edits.sort((a, b) => a.at - b.at)) {
    pieces.push(buffer.subarray(from, at), Buffer.from(inserted));
    from = end;
  }
  pieces.push(buffer.subarray(from));
  return Buffer.concat(pieces);
}

function editsOf(api: "mcp" | "a2a", text: string, at: number, context: CarriedContext): Edit[] {
  const { fields: message, closeAt } = fieldsAt(text, at);
  const holder = api === "mcp" ? "_meta" : "metadata";
  const method = stringAt(text, last(message, "method"));
  const params = last(message, "params");
  if (method === undefined) {
    // A2A as plain JSON over HTTP: the body is what `params` is elsewhere.
    const isPlain =
      api === "a2a" && last(message, "message") !== undefined && last(message, "jsonrpc") === undefined;
    return isPlain ? editsIn(text, at, holder, context) : [];
  }
  if (params === undefined) {
    if (api === "a2a" || !MCP_METHOD.test(method)) return [];
    return [inserted(text, message, closeAt, `"params":{"_meta":${JSON.stringify(sent(context))}}`)];
  }
  if (text[params.valueAt] !== "{") return [];
  const hasHolder = last(fieldsAt(text, params.valueAt).fields, holder) !== undefined;
  // Somebody's own method may refuse parameters it does not know; so do A2A's methods other than those that send.
  const takes =
    api === "mcp" ? MCP_METHOD.test(method) : A2A_METHOD.test(method) && /send|stream/i.test(method);
  return takes || hasHolder ? editsIn(text, params.valueAt, holder, context) : [];
}

function editsIn(text: string, at: number, holder: string, context: CarriedContext): Edit[] {
  const params = fieldsAt(text, at);
  const place = last(params.fields, holder);
  const values = sent(context);
  if (place === undefined || text.startsWith("null", place.valueAt)) {
    const made = `"${holder}":${JSON.stringify(values)}`;
    if (place !== undefined)
      return [{ at: place.valueAt, end: place.valueEnd, text: JSON.stringify(values) }];
    return [inserted(text, params.fields, params.closeAt, made)];
  }
  if (text[place.valueAt] !== "{") return [];
  const meta = fieldsAt(text, place.valueAt);
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const there = meta.fields.filter((field) => field.key === key);
    for (const { valueAt, valueEnd } of there)
      edits.push({ at: valueAt, end: valueEnd, text: JSON.stringify(value) });
    if (there.length === 0) added.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }
  // The state of another context must not stand beside this one.
  if (context.tracestate === undefined) {
    for (const { key, valueAt, valueEnd } of meta.fields)
      if (key === "tracestate") edits.push({ at: valueAt, end: valueEnd, text: '""' });
  }
  if (added.length > 0) edits.push(inserted(text, meta.fields, meta.closeAt, added.join(",")));
  return edits;
}

function sent({ traceparent, tracestate, baggage }: CarriedContext): Record<string, string> {
  return {
    traceparent,
    ...(tracestate === undefined || tracestate === "" ? {} : { tracestate }),
    ...(baggage === undefined || baggage === "" ? {} : { baggage }),
  };
}

/** A field more, after the last one of an object. */
function inserted(text: string, fields: readonly FieldPlace[], closeAt: number, field: string): Edit {
  const after = fields.at(-1)?.valueEnd;
  if (after !== undefined) return { at: after, end: after, text: `,${field}` };
  const at = text.lastIndexOf("{", closeAt) + 1;
  return { at, end: at, text: field };
}

/** Of a key that stands twice the last one counts, as for everybody who parses JSON. */
function last(fields: readonly FieldPlace[], key: string): FieldPlace | undefined {
  return fields.findLast((field) => field.key === key);
}

function stringAt(text: string, place: FieldPlace | undefined): string | undefined {
  const value = place === undefined ? undefined : parseJson(text.slice(place.valueAt, place.valueEnd));
  return typeof value === "string" ? value : undefined;
}

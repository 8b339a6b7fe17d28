import { type Attributes, type Context, trace } from "@opentelemetry/api";
import { bindEach } from "./each-message.ts";
import { carried, contextOf } from "./message-context.ts";
import { type MessageFacts, recordReceive, type Started, startProcess, startSend } from "./message-spans.ts";

/** The last field of an entry that carries a context, as JSON: an entry of a stream has no headers. */
export const CONTEXT_FIELD = "clew-context";

/** Commands that hand out entries for work; others that return entries only look at them. */
const TAKES = /^x(?:read|readgroup|claim|autoclaim)$/i;
const RETURNS_ENTRIES = /^x(?:read|readgroup|claim|autoclaim|range|revrange)$/i;
const ID = /^\d+-\d+$/;
const MAX_DEPTH = 6;

const tracer = trace.getTracer("clew.redis-streams");

export function returnsEntries(command: string): boolean {
  return RETURNS_ENTRIES.test(command);
}

/** Starts the span of an XADD; `extra` goes after the command's own fields. `args` are those after its name. */
export function startAdd(args: readonly unknown[]): { readonly started: Started; readonly extra: string[] } {
  const started = startSend(tracer, { system: "redis", destination: textOf(args[0]), operation: "xadd" });
  return { started, extra: [CONTEXT_FIELD, JSON.stringify(carried(started.context))] };
}

/** Entries as a client hands them out: with how it names a stream, if the reply says so. */
interface Batch {
  readonly stream: string | undefined;
  readonly entries: object[];
}

/**
 * Takes the contexts out of the entries of a reply, so that the agent does not see them, and records that it got
 * the entries. Loops over these run in the context of each. `reply` is changed in place.
 */
export function takeEntries(
  command: string,
  args: readonly unknown[],
  reply: unknown,
  caller: Context,
): void {
  const batches: Batch[] = [];
  const contexts = new Map<object, Context>();
  collect(reply, undefined, batches, contexts, 0);
  if (!TAKES.test(command)) return;
  const group = groupOf(command, args);
  for (const { stream, entries } of batches) {
    const facts = {
      system: "redis",
      destination: stream ?? (/claim$/i.test(command) ? textOf(args[0]) : streamOf(args)),
    };
    const attributes: Attributes = group === undefined ? {} : { "messaging.consumer.group.name": group };
    const all = entries.map((entry) => contexts.get(entry)!);
    const count = { ...attributes, "messaging.batch.message_count": entries.length };
    const operation = command.toLowerCase();
    const received = recordReceive(tracer, { ...facts, operation, attributes: count }, all, caller);
    bindEach(entries, (entry) => {
      const own = contexts.get(entry);
      const isTraced = own !== undefined && trace.getSpanContext(own) !== undefined;
      const id = { ...attributes, "messaging.message.id": idOf(entry) ?? "" };
      const process: MessageFacts = { ...facts, operation: "process", attributes: id };
      return startProcess(tracer, process, [isTraced ? own : received]);
    });
  }
}

/** An entry is `[id, fields]` of ioredis or `{ id, message }` of redis; streams are pairs, objects or maps. */
function collect(
  value: unknown,
  stream: string | undefined,
  batches: Batch[],
  contexts: Map<object, Context>,
  depth: number,
): void {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH || value instanceof Uint8Array) return;
  if (!Array.isArray(value)) {
    const { name, messages } = value as { name?: unknown; messages?: unknown };
    const named = messages === undefined ? Object.entries(value) : [[name, messages] as const];
    const pairs = value instanceof Map ? value.entries() : named;
    for (const [key, each] of pairs) collect(each, textOf(key), batches, contexts, depth + 1);
    return;
  }
  const entries = value.filter((each) => idOf(each) !== undefined);
  if (entries.length > 0 && entries.length === value.filter((each) => each !== null).length) {
    for (const entry of entries) contexts.set(entry, takeContext(entry));
    batches.push({ stream, entries: value });
    return;
  }
  const [name, ...others] = value;
  const isNamed = typeof name === "string" || name instanceof Uint8Array;
  for (const each of isNamed ? others : value) {
    collect(each, isNamed ? textOf(name) : stream, batches, contexts, depth + 1);
  }
}

/** Undefined for what is no entry. */
function idOf(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const id = Array.isArray(entry) ? entry[0] : (entry as { id?: unknown }).id;
  if (typeof id !== "string" && !(id instanceof Uint8Array)) return undefined;
  const text = textOf(id);
  return ID.test(text) ? text : undefined;
}

function takeContext(entry: object): Context {
  const fields = Array.isArray(entry) ? entry[1] : (entry as { message?: unknown }).message;
  const headers = parsed(takeField(fields));
  return contextOf((name) => headers[name]);
}

function takeField(fields: unknown): unknown {
  if (Array.isArray(fields)) {
    if (fields.length < 2 || textOf(fields.at(-2)) !== CONTEXT_FIELD) return undefined;
    return fields.splice(-2)[1];
  }
  if (fields instanceof Map) {
    const value = fields.get(CONTEXT_FIELD);
    fields.delete(CONTEXT_FIELD);
    return value;
  }
  const object = (fields ?? {}) as Record<string, unknown>;
  const value = object[CONTEXT_FIELD];
  delete object[CONTEXT_FIELD];
  return value;
}

function parsed(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  try {
    return JSON.parse(textOf(value)) ?? {};
  } catch {
    return {};
  }
}

function groupOf(command: string, args: readonly unknown[]): string | undefined {
  if (/claim$/i.test(command)) return textOf(args[1]);
  return /^group$/i.test(textOf(args[0])) ? textOf(args[1]) : undefined;
}

function streamOf(args: readonly unknown[]): string {
  const at = args.findIndex((each) => /^streams$/i.test(textOf(each)));
  return at < 0 ? "" : textOf(args[at + 1]);
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value ?? "");
}

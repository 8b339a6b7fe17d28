import { delimited, fixed64, keyValue, tag, textValue, varint } from "../harness/raw-protobuf.ts";
import { type BadCase, type Fate, newTraceId, spanHead } from "./bad-case.ts";
import { withFields } from "./span-cases.ts";

const TEXT_FIELDS: Record<string, (text: Uint8Array) => Buffer> = {
  "the name": (text) => delimited(5, text),
  "the trace state": (text) => delimited(3, text),
  "an attribute key": (text) => delimited(9, keyValue(text, textValue("x"))),
  "an attribute value": (text) => delimited(9, keyValue("key", textValue(text))),
  "a nested value": (text) => delimited(9, keyValue("key", delimited(5, delimited(1, textValue(text))))),
  "a prompt": (text) => delimited(9, keyValue("gen_ai.prompt", textValue(text))),
  "the session id": (text) => delimited(9, keyValue("session.id", textValue(text))),
  "an agent's name": (text) => delimited(9, keyValue("gen_ai.agent.name", textValue(text))),
  "an event name": (text) => delimited(11, delimited(2, text)),
  "an event attribute": (text) => delimited(11, delimited(3, keyValue("key", textValue(text)))),
  "a link's trace state": (text) => delimited(13, delimited(3, text)),
  "the status message": (text) => delimited(15, delimited(2, text), tag(3, 0), varint(2)),
};
const TEXTS: Record<string, [Uint8Array, Fate]> = {
  "invalid UTF-8": [Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28]), "either"],
  "half a character": [Buffer.from([0xe6, 0xa8]), "either"],
  "a surrogate in UTF-8": [Buffer.from([0xed, 0xa0, 0x80]), "either"],
  "an overlong NUL": [Buffer.from([0xc0, 0x80]), "either"],
  NUL: [Buffer.from("a\0b"), "taken"],
  "control characters": [Buffer.from("\x1b[2J\x07\r\n\x7f\u0085\u2028\u202e"), "taken"],
};

function* texts(): Generator<BadCase> {
  for (const [what, [bytes, fate]] of Object.entries(TEXTS)) {
    for (const [where, field] of Object.entries(TEXT_FIELDS))
      yield withFields(`${what} in ${where}`, fate, field(bytes));
    const traceId = newTraceId();
    yield {
      name: `${what} in the resource, the scope and the schema URLs`,
      ...{ signal: "traces", fate, traceId: "" },
      protobuf: Buffer.concat([
        delimited(
          1,
          delimited(
            1,
            delimited(1, keyValue(bytes, textValue(bytes))),
            delimited(1, keyValue("service.name", textValue(bytes))),
          ),
          delimited(
            2,
            delimited(1, delimited(1, bytes), delimited(2, bytes)),
            delimited(2, spanHead(traceId)),
            delimited(3, bytes),
          ),
          delimited(3, bytes),
        ),
      ]),
    };
    yield {
      name: `${what} in a log record`,
      ...{ signal: "logs", fate },
      protobuf: delimited(
        1,
        delimited(2, delimited(2, delimited(3, bytes), delimited(5, textValue(bytes)), delimited(12, bytes))),
      ),
    };
    yield {
      name: `${what} in a metric`,
      ...{ signal: "metrics", fate },
      protobuf: delimited(
        1,
        delimited(
          2,
          delimited(
            2,
            delimited(1, bytes),
            delimited(2, bytes),
            delimited(3, bytes),
            delimited(5, delimited(1, fixed64(4, 1n))),
          ),
        ),
      ),
    };
  }
}

/** Texts that are no text, or steer a terminal, in every field that has text. */
export function textCases(): BadCase[] {
  return [texts].flatMap((cases) => [...cases()]);
}

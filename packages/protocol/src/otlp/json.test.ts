import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Signal } from "../signal.ts";
import { decodeOtlp } from "./decode.ts";
import { randomData } from "./fixtures/random-data.ts";
import { parseOtlpJson, transcodeJson, writeOtlpJson } from "./json.ts";
import { MalformedJson } from "./malformed-json.ts";
import type { Span } from "./model.ts";

const SIGNALS: readonly Signal[] = ["traces", "logs", "metrics"];

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What becomes of one span on the way through JSON text and protobuf. */
function span(fields: string): Span {
  const text = utf8(`{"resourceSpans":[{"scopeSpans":[{"spans":[{${fields}}]}]}]}`);
  const read = decodeOtlp("traces", transcodeJson("traces", text)).resourceSpans?.[0]?.scopeSpans?.[0]
    ?.spans?.[0];
  assert.ok(read !== undefined);
  return read;
}

const PLACE = "resourceSpans[0].scopeSpans[0].spans[0]";

function refused(fields: string, path: string, message: RegExp): void {
  assert.throws(
    () => span(fields),
    (error) =>
      error instanceof MalformedJson && error.path === `${PLACE}.${path}` && message.test(error.message),
    fields,
  );
}

for (const signal of SIGNALS) {
  const file = (type: string) => readFileSync(new URL(`fixtures/${signal}.${type}`, import.meta.url));

  test(`every field of ${signal} becomes the protobuf another library writes`, () => {
    const wire = Buffer.from(transcodeJson(signal, file("json"))).toString("hex");
    assert.equal(wire, file("hex").toString().replaceAll("\n", ""));
  });

  test(`every field of ${signal} is read by its snake_case name`, () => {
    const snake = file("json")
      .toString()
      .replace(
        /"(\w+)": /g,
        (_, key: string) => `"${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}": `,
      );
    assert.deepEqual(parseOtlpJson(signal, JSON.parse(snake)), JSON.parse(file("json").toString()));
  });

  test(`random ${signal} come back from JSON as they were`, () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const data = randomData(signal, seed);
      const wire = transcodeJson(signal, utf8(writeOtlpJson(signal, data)));
      assert.deepEqual(decodeOtlp(signal, wire), data, `seed ${seed}`);
    }
  });
}

/** The specification's own examples, which a checkout beside this one may hold. */
const EXAMPLES = new URL("../../../../../shared/opentelemetry-proto/examples/", import.meta.url);

/** Ids in lower case and no defaults, as the model has it. */
function normalised(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (/^(trace|span|parentSpan)Id$/.test(key)) return String(value).toLowerCase();
    return ["scale", "zeroThreshold"].includes(key) && value === 0 ? undefined : value;
  });
}

for (const [name, signal] of [
  ["trace", "traces"],
  ["logs", "logs"],
  ["events", "logs"],
  ["metrics", "metrics"],
] as const) {
  const example = new URL(`${name}.json`, EXAMPLES);
  test(`the specification's example ${name}.json comes back`, {
    skip: !existsSync(example) && "not checked out",
  }, () => {
    const text = readFileSync(example);
    const data = decodeOtlp(signal, transcodeJson(signal, text));
    assert.deepEqual(data, normalised(text.toString()));
    assert.deepEqual(JSON.parse(writeOtlpJson(signal, data)), normalised(text.toString()));
  });
}

test("ids are hex of either case, and protobuf's base64 where the length is right", () => {
  assert.equal(
    span('"traceId":"5B8EFFF798038103D269B633813FC60C"').traceId,
    "5b8efff798038103d269b633813fc60c",
  );
  assert.equal(span('"traceId":"W47/95gDgQPSabYzgT/GDA=="').traceId, "5b8efff798038103d269b633813fc60c");
  assert.equal(span('"spanId":"7uGbfsPBsXQ="').spanId, "eee19b7ec3c1b174");
  assert.equal(span('"span_id":"EEE19B7EC3C1B174"').spanId, "eee19b7ec3c1b174");
});

test("an id of another length is kept for whoever judges the record, and no hex is an empty id", () => {
  assert.equal(span('"traceId":"abcd"').traceId, "abcd");
  assert.equal(span('"traceId":1234').traceId, "1234");
  for (const id of ["abc", "not an id", "W47/95gDgQPSabYz", "7uGbfsPBsXQ=", ""]) {
    assert.equal(span(`"traceId":"${id}"`).traceId, undefined, id);
  }
  refused('"traceId":{}', "traceId", /expected an id in hex, came an object/);
});

test("a parent that is no hex does not make the span a root", () => {
  assert.equal(span('"parentSpanId":"nonsense"').parentSpanId, "00");
  assert.equal(span('"parentSpanId":""').parentSpanId, undefined);
});

test("64-bit integers are text or numbers and keep every digit", () => {
  const time = (value: string) => span(`"startTimeUnixNano":${value}`).startTimeUnixNano;
  assert.equal(time('"1763700000000000001"'), "1763700000000000001");
  assert.equal(time("1763700000000000001"), "1763700000000000001");
  assert.equal(time("18446744073709551615"), "18446744073709551615");
  assert.equal(time('"0017"'), "17");
  assert.equal(time("1e3"), "1000");
  assert.equal(time("1544712660300000000.0"), "1544712660300000000");
  assert.equal(time("0"), undefined);
  assert.equal(time('"-0"'), undefined);
});

test("what is no 64-bit integer is named with its place", () => {
  for (const value of [
    '"1.0e3"',
    '"1e3"',
    "1.5",
    '""',
    '" 1"',
    "true",
    "[]",
    '"18446744073709551616"',
    "-1",
    '"x"',
  ]) {
    refused(
      `"startTimeUnixNano":${value}`,
      "startTimeUnixNano",
      /expected an integer from 0 to 18446744073709551615, came /,
    );
  }
  refused(`"endTimeUnixNano":"${"9".repeat(100_000)}"`, "endTimeUnixNano", /came the text "9{40}\.\.\."$/);
});

test("attribute values keep their types, and integers their sign and digits", () => {
  const value = (text: string) => span(`"attributes":[{"key":"k","value":${text}}]`).attributes?.[0]?.value;
  assert.deepEqual(value('{"intValue":9007199254740993}'), { intValue: "9007199254740993" });
  assert.deepEqual(value('{"intValue":"-9223372036854775808"}'), { intValue: "-9223372036854775808" });
  assert.deepEqual(value('{"int_value":0}'), { intValue: "0" });
  assert.deepEqual(value('{"doubleValue":1}'), { doubleValue: 1 });
  assert.deepEqual(value('{"doubleValue":-0.0}'), { doubleValue: -0 });
  assert.deepEqual(value('{"doubleValue":"-Infinity"}'), { doubleValue: "-Infinity" });
  assert.deepEqual(value('{"doubleValue":"1.5e3"}'), { doubleValue: 1500 });
  assert.deepEqual(value('{"doubleValue":12345678901234567890}'), {
    doubleValue: Number("12345678901234567890"),
  });
  assert.deepEqual(value('{"doubleValue":1e999}'), { doubleValue: "Infinity" });
  assert.deepEqual(value('{"boolValue":"false"}'), { boolValue: false });
  assert.deepEqual(value('{"bytesValue":"-_8"}'), { bytesValue: "+/8=" });
  assert.deepEqual(value('{"stringValue":5}'), { stringValue: "5" });
  assert.deepEqual(value('{"stringValue":12345678901234567890}'), { stringValue: "12345678901234567890" });
  assert.deepEqual(value('{"stringValue":true}'), { stringValue: "true" });
  assert.deepEqual(value('{"stringValue":"x","intValue":null}'), { stringValue: "x" });
  assert.deepEqual(value('{"arrayValue":{"values":[null,{"intValue":1}]}}'), {
    arrayValue: { values: [{}, { intValue: "1" }] },
  });
  assert.deepEqual(value("{}"), {});
  assert.deepEqual(value("null"), undefined);
});

test("an attribute value of the wrong kind is named with its place", () => {
  const wrong = (text: string, key: string, message: RegExp) =>
    refused(`"attributes":[{"key":"k"},{"key":"l","value":${text}}]`, `attributes[1].value${key}`, message);
  wrong('{"stringValue":{}}', ".stringValue", /expected a text, came an object/);
  wrong('{"boolValue":1}', ".boolValue", /expected true or false, came 1/);
  wrong('{"doubleValue":"many"}', ".doubleValue", /expected a number, "NaN", .* came the text "many"/);
  wrong('{"doubleValue":""}', ".doubleValue", /expected a number/);
  wrong('{"bytesValue":"?"}', ".bytesValue", /expected base64/);
  wrong('{"bytesValue":[1]}', ".bytesValue", /expected base64, came an array/);
  wrong('"bare"', "", /expected an object \(AnyValue\), came the text "bare"/);
  wrong(
    '{"stringValue":"a","intValue":1}',
    ".intValue",
    /expected one kind of value, came stringValue and intValue/,
  );
  wrong('{"arrayValue":{"values":{}}}', ".arrayValue.values", /expected an array, came an object/);
});

test("enums are numbers, numbers as text, or names", () => {
  assert.equal(span('"kind":2').kind, 2);
  assert.equal(span('"kind":"2"').kind, 2);
  assert.equal(span('"kind":"SPAN_KIND_SERVER"').kind, 2);
  assert.equal(span('"kind":"SPAN_KIND_UNSPECIFIED"').kind, undefined);
  assert.equal(span('"kind":17').kind, 17);
  assert.deepEqual(span('"status":{"code":"STATUS_CODE_ERROR"}').status, { code: 2 });
  refused(
    '"kind":"server"',
    "kind",
    /expected an integer or a name such as SPAN_KIND_INTERNAL, came the text "server"/,
  );
  refused('"kind":1.5', "kind", /expected an integer/);
  const log = parseOtlpJson("logs", {
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: "SEVERITY_NUMBER_ERROR2" }] }] }],
  });
  assert.equal(log.resourceLogs?.[0]?.scopeLogs?.[0]?.logRecords?.[0]?.severityNumber, 18);
});

test("32-bit integers are checked", () => {
  assert.equal(span('"flags":4294967295').flags, 4294967295);
  assert.equal(span('"droppedEventsCount":"3"').droppedEventsCount, 3);
  refused('"flags":4294967296', "flags", /expected an integer from 0 to 4294967295, came 4294967296/);
  refused('"droppedLinksCount":-1', "droppedLinksCount", /came -1/);
});

test("unknown keys are ignored whatever they hold, and null is absent", () => {
  assert.deepEqual(span('"name":"n","unknown":{"a":[1,{}]},"kind":null,"events":null,"status":null'), {
    name: "n",
  });
  assert.deepEqual(span('"events":[null,{"name":"e"}]').events, [{ name: "e" }]);
});

test("the place counts the records that were left out", () => {
  refused('"events":[null,{"name":[]}]', "events[1].name", /expected a text, came an empty array/);
});

test("keys that name parts of JavaScript objects change nothing", () => {
  const hostile =
    '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x","hasOwnProperty":1';
  assert.deepEqual(
    span(`${hostile},"attributes":[{"key":"__proto__","value":{"stringValue":"v",${hostile}}}]`),
    {
      attributes: [{ key: "__proto__", value: { stringValue: "v" } }],
    },
  );
  assert.equal("polluted" in {}, false);
});

test("values nested 100 deep are read, deeper ones are refused with the beginning of their place", () => {
  const nested = (levels: number) =>
    `"attributes":[{"value":${'{"arrayValue":{"values":['.repeat(levels - 1)}{"intValue":"1"}${"]}}".repeat(levels - 1)}}]`;
  assert.equal(span(nested(100)).attributes?.length, 1);
  const refusal = /Malformed JSON at resourceSpans\[0\].*\.\.\..*: expected values nested at most 100 deep$/;
  for (const levels of [101, 1000, 100_000]) {
    assert.throws(
      () => span(nested(levels)),
      (error) => error instanceof MalformedJson && refusal.test(error.message) && error.message.length < 400,
    );
  }
});

test("a body that is no object, or another signal's, is refused; an empty one is an empty request", () => {
  assert.throws(() => parseOtlpJson("traces", []), {
    message: "Malformed JSON: expected an object (TracesData), came an empty array",
  });
  assert.throws(() => parseOtlpJson("traces", null), MalformedJson);
  assert.throws(() => parseOtlpJson("traces", { resourceLogs: [{}] }), {
    path: "resourceLogs",
    message: /came logs: send them to \/v1\/logs/,
  });
  assert.equal(transcodeJson("traces", utf8("{}")).length, 0);
  assert.equal(transcodeJson("logs", utf8('{"resourceLogs":[],"resourceSpans":[{}]}')).length, 0);
  assert.deepEqual(parseOtlpJson("traces", { other: 1 }), {});
});

test("integers may come as bigints, and numbers no JSON can hold are written as texts", () => {
  const body = (value: unknown) => ({ resourceSpans: [{ resource: { attributes: [{ value }] } }] });
  assert.deepEqual(parseOtlpJson("traces", body({ intValue: 5n })), body({ intValue: "5" }));
  assert.deepEqual(parseOtlpJson("traces", body({ doubleValue: Number.NaN })), body({ doubleValue: "NaN" }));
});

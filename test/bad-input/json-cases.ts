import { type BadCase, type Fate, jsonAround, newTraceId } from "./bad-case.ts";

const BASE = {
  spanId: "bbbbbbbbbbbbbbb1",
  name: "odd",
  startTimeUnixNano: "1763700000000000000",
  endTimeUnixNano: "1763700000001000000",
};

/** A span between good ones, with the given members over those of one that is in order. */
function withMembers(name: string, fate: Fate, members: object): BadCase {
  const traceId = newTraceId();
  return {
    name,
    signal: "traces",
    fate,
    json: jsonAround(traceId, { traceId, ...BASE, ...members }),
    traceId,
  };
}

function attribute(name: string, fate: Fate, value: unknown): BadCase {
  return withMembers(name, fate, { attributes: [{ key: "odd", value }] });
}

/** The text of a span between good ones, to write what `JSON.stringify` would not. */
function withText(name: string, fate: Fate, member: string): BadCase {
  const traceId = newTraceId();
  const text = jsonAround(traceId, { traceId, ...BASE, MARK: 0 });
  return { name, signal: "traces", fate, json: text.replace('"MARK":0', member), traceId };
}

function body(name: string, fate: Fate, json: string | Uint8Array): BadCase {
  return { name, signal: "traces", fate, json };
}

function* wrongTypes(): Generator<BadCase> {
  const wrong: [string, object][] = [
    ["an object as name", { name: {} }],
    ["a list as name", { name: ["a"] }],
    ["a text as attributes", { attributes: "a=b" }],
    ["an object as attributes", { attributes: { a: "b" } }],
    ["a number as events", { events: 5 }],
    ["a text as link", { links: ["a"] }],
    ["a text as status", { status: "ERROR" }],
    ["a list as status", { status: [2] }],
    ["a text that is no number as start", { startTimeUnixNano: "yesterday" }],
    ["a date as start", { startTimeUnixNano: "2026-11-21T08:00:00Z" }],
    ["a fraction as start", { startTimeUnixNano: 1.5 }],
    ["a negative start", { startTimeUnixNano: "-1" }],
    ["a start beyond 64 bits", { startTimeUnixNano: "18446744073709551616" }],
    ["true as start", { startTimeUnixNano: true }],
    ["an unknown name as kind", { kind: "SPAN_KIND_NEW" }],
    ["a fraction as kind", { kind: 1.5 }],
    ["an object as trace id", { traceId: {} }],
    ["a negative dropped count", { droppedAttributesCount: -1 }],
    ["a dropped count beyond 32 bits", { droppedAttributesCount: 4294967296 }],
    ["flags beyond 32 bits", { flags: 2 ** 40 }],
  ];
  for (const [name, members] of wrong) yield withMembers(name, "refused", members);
  const values: [string, unknown][] = [
    ["a text as value", "plain"],
    ["a list as value", [1]],
    ["a number as array", { arrayValue: 5 }],
    ["a bare list as array", { arrayValue: [{ stringValue: "a" }] }],
    ["a text that is no number as int", { intValue: "abc" }],
    ["a fraction as int", { intValue: 1.5 }],
    ["an int beyond 64 bits", { intValue: "9223372036854775808" }],
    ["a number as bool", { boolValue: 1 }],
    ["another word as bool", { boolValue: "yes" }],
    ["a text that is no number as double", { doubleValue: "many" }],
    ["a list as double", { doubleValue: [] }],
    ["no base64 as bytes", { bytesValue: "&&&" }],
    ["an object as text", { stringValue: {} }],
    ["two values at once", { stringValue: "a", intValue: "1" }],
  ];
  for (const [name, value] of values) yield attribute(name, "refused", value);
}

/** What protobuf's JSON mapping allows, and what has only one meaning. */
function* lenient(): Generator<BadCase> {
  const fine: [string, object][] = [
    ["a number as name", { name: 5 }],
    ["numbers as times", { startTimeUnixNano: 1763700000000000000, endTimeUnixNano: 1763700000001000000 }],
    ["a number as text", { kind: "2" }],
    ["an enum's name as kind", { kind: "SPAN_KIND_SERVER" }],
    [
      "null everywhere",
      { name: null, attributes: null, events: null, links: null, status: null, kind: null },
    ],
    ["unknown members", { profile: {}, nested: { a: [1] }, "": 0 }],
    ["names in snake_case", { trace_state: "a=b", dropped_events_count: 3 }],
    ["ids in upper case", { spanId: "BBBBBBBBBBBBBBB1" }],
    ["a members named constructor", { constructor: 1, toString: 2, hasOwnProperty: 3 }],
  ];
  for (const [name, members] of fine) yield withMembers(name, "taken", members);
  const values: [string, unknown][] = [
    ["an int as number", { intValue: 5 }],
    ["a double as text", { doubleValue: "1.5e3" }],
    ["NaN as text", { doubleValue: "NaN" }],
    ["a bool as text", { boolValue: "true" }],
    ["a number as text value", { stringValue: 5 }],
    ["base64 of the URL alphabet", { bytesValue: "-_8=" }],
    ["null as value", null],
    ["an unknown type of value", { imageValue: "x" }],
    ["a bare object as map, whose members are unknown", { kvlistValue: { a: 1 } }],
  ];
  for (const [name, value] of values) yield attribute(name, "taken", value);
  yield withText("a member named __proto__", "taken", '"__proto__":{"name":"polluted","kind":5}');
  yield withText(
    "attributes named __proto__",
    "taken",
    '"attributes":[{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"__proto__","value":{"stringValue":"x"}}]}}}]',
  );
  yield withText(
    "a value with __proto__",
    "taken",
    '"attributes":[{"key":"a","value":{"__proto__":{"intValue":"1"}}}]',
  );
  yield withText("a member twice", "taken", '"name":"first","name":"second"');
  yield withText(
    "numbers beyond a double",
    "either",
    '"attributes":[{"key":"a","value":{"doubleValue":1e999}}]',
  );
  yield withText(
    "a long integer",
    "taken",
    '"attributes":[{"key":"a","value":{"intValue":9007199254740993}}]',
  );
}

function* badIds(): Generator<BadCase> {
  for (const [which, traceId] of Object.entries({
    "no hex": "xyz",
    empty: "",
    zero: "0".repeat(32),
    short: "ab",
    odd: "abc",
    long: "ab".repeat(17),
  })) {
    yield withMembers(`a trace id that is ${which}`, 1, { traceId });
  }
  for (const [which, spanId] of Object.entries({
    "no hex": "not a span",
    empty: "",
    zero: "0".repeat(16),
    short: "ab",
    long: "ab".repeat(9),
  })) {
    yield withMembers(`a span id that is ${which}`, 1, { spanId });
  }
  yield withMembers("a parent id that is no hex", "taken", { parentSpanId: "parent" });
  yield withMembers("no ids at all", 1, { traceId: undefined, spanId: undefined });
}

function* texts(): Generator<BadCase> {
  for (const [what, text] of Object.entries({
    "a lone high surrogate": "\\ud800",
    "a lone low surrogate": "a\\udfffb",
    "surrogates the wrong way round": "\\udc00\\ud800",
    NUL: "a\\u0000b",
    "control characters": "\\u001b[2J\\u0007\\r\\n\\u007f\\u2028\\u202e",
    "a byte order mark": "\\ufeff",
    "no character": "\\uffff\\ufffe",
  })) {
    yield withText(`${what} as name`, "taken", `"name":"${text}"`);
    yield withText(
      `${what} as key and value`,
      "taken",
      `"attributes":[{"key":"${text}","value":{"stringValue":"${text}"}}]`,
    );
    yield withText(
      `${what} as prompt`,
      "taken",
      `"attributes":[{"key":"gen_ai.prompt","value":{"stringValue":"${text}"}}]`,
    );
    yield withText(
      `${what} in a nested value`,
      "taken",
      `"attributes":[{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"${text}"}]}}}]`,
    );
    yield withText(
      `${what} as trace state and event`,
      "taken",
      `"traceState":"${text}","events":[{"name":"${text}"}],"status":{"message":"${text}"}`,
    );
  }
  yield withMembers("a name of 1 MB", 1, { name: "n".repeat(1_000_000) });
  yield withMembers("100,000 attributes", "taken", {
    attributes: Array.from({ length: 100_000 }, (_, at) => ({
      key: `key ${at}`,
      value: { intValue: `${at}` },
    })),
  });
}

function nested(depth: number): string {
  return `${'{"arrayValue":{"values":['.repeat(depth)}{"stringValue":"x"}${"]}}".repeat(depth)}`;
}

function* deep(): Generator<BadCase> {
  for (const depth of [10, 99, 101, 1000, 20_000]) {
    const fate = depth <= 99 ? "taken" : "refused";
    yield withText(
      `a value nested ${depth} deep`,
      fate,
      `"attributes":[{"key":"a","value":${nested(depth)}}]`,
    );
  }
  yield body("lists nested 200,000 deep", "refused", "[".repeat(200_000));
  yield body("closed lists nested 5,000 deep", "refused", "[".repeat(5000) + "]".repeat(5000));
  yield body("objects nested 100,000 deep", "refused", '{"a":'.repeat(100_000));
  yield withText(
    "an unknown member nested 5,000 deep",
    "either",
    `"x":${"[".repeat(5000)}${"]".repeat(5000)}`,
  );
}

function* noJson(): Generator<BadCase> {
  const whole = jsonAround(newTraceId());
  for (let at = 1; at < whole.length; at += 29)
    yield body(`JSON cut off after ${at} characters`, "refused", whole.slice(0, at));
  const bodies: [string, string | Uint8Array][] = [
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "5"],
    ["a text", '"resourceSpans"'],
    ["spaces only", "   \n "],
    ["XML", "<spans/>"],
    ["two documents", `${whole}\n${whole}`],
    ["a comma too many", '{"resourceSpans":[],}'],
    ["a comment", '{"resourceSpans":[]/* none */}'],
    ["bare keys", "{resourceSpans:[]}"],
    ["NaN", '{"resourceSpans":NaN}'],
    ["UTF-16", Buffer.from(whole, "utf16le")],
    ["a control character in a text", '{"a":"\u0001"}'],
    ["protobuf", Buffer.from([0x0a, 0x02, 0x12, 0x00])],
    ["resource spans as text", '{"resourceSpans":"none"}'],
    ["resource spans as an object", '{"resourceSpans":{}}'],
    ["a number among resource spans", '{"resourceSpans":[5]}'],
    ["spans as an object", '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}'],
    ["a resource as text", '{"resourceSpans":[{"resource":"me"}]}'],
  ];
  for (const [what, json] of bodies) yield body(`${what} as JSON body`, "refused", json);
  yield body("an empty object", "taken", "{}");
  yield body("an empty JSON body", "either", "");
  yield body("a byte order mark before JSON", "taken", `\ufeff${whole}`);
  yield body(
    "invalid UTF-8 in JSON",
    "either",
    Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
  );
  yield {
    name: "a logs document sent as traces",
    signal: "traces",
    fate: "refused",
    json: '{"resourceLogs":[{"scopeLogs":[]}]}',
  };
  yield {
    name: "a log body that is a bare text",
    signal: "logs",
    fate: "refused",
    json: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":"text"}]}]}]}',
  };
  yield {
    name: "an unknown severity",
    signal: "logs",
    fate: "refused",
    json: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":"LOUD"}]}]}]}',
  };
  yield {
    name: "a metric whose points are a text",
    signal: "metrics",
    fate: "refused",
    json: '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":"5"}}]}]}]}',
  };
  yield {
    name: "a negative count",
    signal: "metrics",
    fate: "refused",
    json: '{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"dataPoints":[{"count":"-1"}]}}]}]}]}',
  };
}

/** Requests in JSON. */
export function jsonCases(): BadCase[] {
  return [wrongTypes, lenient, badIds, texts, deep, noJson].flatMap((cases) => [...cases()]);
}

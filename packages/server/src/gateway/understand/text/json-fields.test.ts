import assert from "node:assert/strict";
import { test } from "node:test";
import { generator } from "../testing/generator.ts";
import { elementsAt, fieldsAt } from "./json-fields.ts";
import { JsonListStream } from "./json-list-stream.ts";
import { readFields } from "./read-json.ts";

const NONE: ReadonlySet<string> = new Set();

function plain(text: string, skip: ReadonlySet<string> = NONE) {
  const read = readFields(Buffer.from(text), skip);
  return read === undefined ? undefined : [{ ...read.fields }, read.isWhole];
}

test("fields are found whatever stands in texts and between", () => {
  const text = ' {"a" : "x\\"}{]\\\\", "b\\u0020c":[{"d":"]"}],\n"e":-1.5e3 ,"f":null,"g":{},"h":true} ';
  assert.deepEqual(plain(text), [JSON.parse(text), true]);
  assert.deepEqual(plain("{}"), [{}, true]);
  assert.deepEqual(plain('{"ключ":"значение 🧶"}'), [{ ключ: "значение 🧶" }, true]);
});

test("fields that are skipped are not parsed", () => {
  assert.deepEqual(plain('{"model":"m","messages":[{"not":json}],"n":1}', new Set(["messages"])), [
    { model: "m", n: 1 },
    true,
  ]);
});

test("of a key that stands twice the last value counts", () => {
  assert.deepEqual(plain('{"a":1,"a":2}'), [{ a: 2 }, true]);
});

test("__proto__ is a key as any other", () => {
  const read = readFields(Buffer.from('{"__proto__":{"model":"x"}}'), NONE);
  assert.equal(read?.fields.model, undefined);
});

test("what is cut off or malformed gives the fields before, and says so", () => {
  const text = '{"a":1,"b":"two","c":[1,2]}';
  for (let end = 1; end < text.length; end++) {
    const [fields, isWhole] = plain(text.slice(0, end)) as [object, boolean];
    assert.equal(isWhole, false, text.slice(0, end));
    assert.deepEqual({ a: 1, b: "two", c: [1, 2], ...fields }, { a: 1, b: "two", c: [1, 2] });
  }
  for (const bad of [
    '{"a":1}x',
    '{"a":1,}',
    '{"a" 1}',
    "{a:1}",
    '{"a":}',
    '{"a":tru}',
    "{,}",
    '{"a":1 "b":2}',
  ]) {
    assert.equal((plain(bad) as [object, boolean])[1], false, bad);
  }
  assert.equal(plain("[1]"), undefined);
  assert.equal(plain(""), undefined);
});

test("elements of a list are found", () => {
  const text = '[1, "a,]" ,{"b":[2]}, [] ]';
  assert.deepEqual(
    elementsAt(text, 0).map(([from, to]) => JSON.parse(text.slice(from, to))),
    JSON.parse(text),
  );
  assert.deepEqual(elementsAt("[]", 0), []);
  assert.deepEqual(elementsAt("[1, ", 0), [[1, 2]]);
  assert.deepEqual(elementsAt("{}", 0), []);
});

test("random objects are read as JSON.parse reads them", () => {
  const random = generator(7);
  for (let round = 0; round < 2000; round++) {
    const value = { fixed: 1, ...(random.object(4) as object) };
    const text = JSON.stringify(value, null, random.below(3));
    assert.deepEqual(plain(text), [JSON.parse(text), true], text);
    const { closeAt } = fieldsAt(Buffer.from(text).toString("latin1"), 0);
    assert.equal(closeAt, Buffer.byteLength(text) - 1);
  }
});

test("nesting costs no stack", () => {
  const deep = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)},"b":1}`;
  assert.deepEqual(plain(deep, new Set(["a"])), [{ b: 1 }, true]);
});

test("a list in pieces gives each element when it is whole", () => {
  const random = generator(11);
  for (let round = 0; round < 300; round++) {
    const list = Array.from({ length: random.below(5) }, () => random.object(3));
    const bytes = Buffer.from(JSON.stringify(list, null, random.below(3)));
    const found: unknown[] = [];
    const stream = new JsonListStream((text) => found.push(JSON.parse(text)));
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random.below(9);
      stream.push(bytes.subarray(at, at + size));
      at += size;
    }
    assert.deepEqual(found, JSON.parse(bytes.toString()));
  }
});

test("an element that is too long is counted, and the next ones are given", () => {
  const found: string[] = [];
  const stream = new JsonListStream((text) => found.push(text));
  stream.push(Buffer.from('[{"a":"'));
  for (let count = 0; count < 6; count++) stream.push(Buffer.alloc(1024 * 1024, "x"));
  stream.push(Buffer.from('"},{"b":2}]'));
  assert.deepEqual([found, stream.tooLong], [['{"b":2}'], 1]);
});

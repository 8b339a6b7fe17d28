import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeResource } from "@clew/protocol/otlp/encode";
import type { KeyValue } from "@clew/protocol/otlp/model";
import type { MapColumn } from "../native/columns.ts";
import { Wire } from "../wire.ts";
import { AttributeColumns } from "./attributes.ts";
import { KeyTable, SPAN_LEVEL } from "./key-table.ts";
import { Ranges } from "./span-scanner.ts";
import { TextCache } from "./text-cache.ts";

function newColumns(keys = new KeyTable()): AttributeColumns {
  return new AttributeColumns({ keys, texts: new TextCache() }, SPAN_LEVEL, true);
}

function addRow(columns: AttributeColumns, attributes: readonly KeyValue[]): void {
  // A resource's message has nothing but attributes.
  const bytes = Buffer.from(encodeResource({ attributes: [...attributes] }));
  const wire = new Wire();
  const ranges = new Ranges();
  wire.reset(bytes, 0);
  while (wire.pos < bytes.length) {
    wire.tag(bytes.length);
    const end = wire.enter(bytes.length);
    ranges.add(wire.pos, end);
    wire.pos = end;
  }
  columns.row(bytes, ranges, undefined);
}

function stringsOf(bytes: Uint8Array): string[] {
  const buf = Buffer.from(bytes);
  const wire = new Wire();
  const strings: string[] = [];
  wire.reset(buf, 0);
  while (wire.pos < buf.length) {
    const end = wire.enter(buf.length);
    strings.push(buf.toString("utf8", wire.pos, end));
    wire.pos = end;
  }
  return strings;
}

/** The map of each row, as pairs. */
function mapsOf(column: MapColumn): [string, string][][] {
  const values = stringsOf(column.values.chunks()[0]!);
  const [head, dictionary, tail] = column.keys.chunks();
  if (head === undefined || dictionary === undefined || tail === undefined) return [];
  const names = stringsOf(dictionary);
  const width = 1 << (head[0]! & 3);
  const indexes = Buffer.from(tail).subarray(8);
  const pairs = values.map((value, i): [string, string] => [
    names[indexes.readUIntLE(i * width, width)]!,
    value,
  ]);
  const ends = new BigUint64Array(column.offsets.chunk().buffer);
  return [...ends].map((end, row) => pairs.slice(row === 0 ? 0 : Number(ends[row - 1]), Number(end)));
}

function typesOf(columns: AttributeColumns): string[] {
  return stringsOf(columns.types.chunks()[0]!);
}

const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });
const int = (key: string, intValue: number): KeyValue => ({ key, value: { intValue: String(intValue) } });

test("rows keep their keys and types whatever order came before", () => {
  const columns = newColumns();
  const rows = [
    [text("a", "1"), int("b", 2), text("c", "3")],
    [text("a", "1"), text("b", "2"), text("c", "3")],
    [text("c", "3"), text("a", "1")],
    [text("a", "1"), int("b", 2), text("c", "3"), text("c", "3")],
    [],
    [text("a", "1"), int("b", 2), text("c", "3")],
  ];
  for (const row of rows) addRow(columns, row);
  assert.deepEqual(typesOf(columns), ["sis", "sss", "ss", "siss", "", "sis"]);
  assert.deepEqual(
    mapsOf(columns.attributes),
    rows.map((row) => row.map(({ key, value }) => [key, value?.stringValue ?? value?.intValue])),
  );
});

test("a key whose value is long now and then goes to the content only then", () => {
  const columns = newColumns();
  const long = "x".repeat(2000);
  for (const value of ["short", long, "short", long]) addRow(columns, [text("k", value), int("n", 1)]);
  assert.deepEqual(typesOf(columns), ["si", "Si", "si", "Si"]);
  assert.deepEqual(mapsOf(columns.content!), [[], [["k", long]], [], [["k", long]]]);
  assert.deepEqual(mapsOf(columns.attributes)[1], [["n", "1"]]);
});

test("a row of 300 attributes keeps all of them in order", () => {
  const columns = newColumns();
  const row = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? int(`k${i}`, i) : text(`k${i}`, `${i}`)));
  for (let i = 0; i < 2; i++) addRow(columns, row);
  const expected = row.map(({ key }, i) => [key, `${i}`]);
  assert.deepEqual(mapsOf(columns.attributes), [expected, expected]);
  assert.deepEqual(typesOf(columns), ["iss".repeat(100), "iss".repeat(100)]);
});

test("keys that never repeat are kept", () => {
  const columns = newColumns();
  const rows = Array.from({ length: 6000 }, (_, i) => [text("first", "1"), text(`key-${i}`, `${i}`)]);
  for (const row of rows) addRow(columns, row);
  assert.deepEqual(
    mapsOf(columns.attributes),
    rows.map((_, i) => [
      ["first", "1"],
      [`key-${i}`, `${i}`],
    ]),
  );
});

test("damaged attributes are kept as bytes, each time they come", () => {
  const columns = newColumns();
  const ranges = new Ranges();
  const damaged = Buffer.from([10, 1, 97, 18, 3, 24, 255, 255]);
  ranges.add(0, damaged.length);
  for (let i = 0; i < 2; i++) columns.row(damaged, ranges, undefined);
  const kept = [["clew.damaged_attribute", damaged.toString("base64")]];
  assert.deepEqual(mapsOf(columns.attributes), [kept, kept]);
  assert.deepEqual(typesOf(columns), ["p", "p"]);
});

test("after a day's end every key is reported once more", () => {
  const keys = new KeyTable();
  const columns = newColumns(keys);
  const seen = (): string[] => keys.takeFresh().map(({ key, type }) => `${key} ${type}`);
  addRow(columns, [text("a", "1"), int("a", 1)]);
  assert.deepEqual(seen(), ["a string", "a int"]);
  addRow(columns, [text("a", "1"), int("a", 1)]);
  assert.deepEqual(seen(), []);
  keys.forget();
  addRow(columns, [text("a", "1")]);
  assert.deepEqual(seen(), ["a string"]);
});

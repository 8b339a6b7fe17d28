import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { NativeTable } from "./native-table.ts";

let opened: TestStore;

before(async () => {
  opened = await openTestStore(openEmbedded);
});

after(() => opened?.close());

async function table(sql: string, settings: Record<string, number> = {}): Promise<NativeTable> {
  return new NativeTable(await opened.store.queryBytes(sql, "Native", { settings }));
}

test("columns of several blocks are one, whatever the words of each block", async () => {
  const read = await table(
    `SELECT toUInt8(number % 256) AS small, number::Float64 / 2 AS half, toLowCardinality(concat('w', toString(intDiv(number, 3) % 40_000))) AS word,
       toFixedString(leftPad(toString(number), 8, '0'), 8) AS id,
       arrayMap(at -> toFixedString(toString(at), 1), range(number % 3)) AS ids
     FROM numbers(100_000)`,
    { max_block_size: 7_000 },
  );
  assert.equal(read.rows, 100_000);
  const [small, half, word, ids] = [
    read.fixed("small"),
    read.numbers("half"),
    read.texts("word"),
    read.lists("ids"),
  ];
  const text = Buffer.from(read.fixed("id"));
  for (const row of [0, 6_999, 7_000, 65_536, 99_999]) {
    assert.deepEqual([small[row], half[row]], [row % 256, row / 2]);
    assert.equal(word.texts[word.indexes[row]!], `w${Math.floor(row / 3) % 40_000}`);
    assert.equal(text.subarray(8 * row, 8 * row + 8).toString(), String(row).padStart(8, "0"));
    const list = Buffer.from(ids.bytes.subarray(row === 0 ? 0 : ids.ends[row - 1]!, ids.ends[row]!));
    assert.equal(list.toString(), "01".slice(0, row % 3));
  }
  assert.equal(word.texts[0], "");
});

test("no rows are an empty table", async () => {
  const read = await table(
    "SELECT toLowCardinality('a') AS word, [toFixedString('a', 1)] AS ids WHERE false",
  );
  assert.deepEqual([read.rows, read.texts("word").texts, read.lists("ids").ends.length], [0, [""], 0]);
  assert.equal(new NativeTable(new Uint8Array(0)).rows, 0);
});

test("what cannot be read is refused, and an answer that was cut too", async () => {
  await assert.rejects(table("SELECT 'text' AS text"), /type String/);
  const bytes = await opened.store.queryBytes("SELECT toUInt64(1) AS a", "Native");
  assert.throws(() => new NativeTable(bytes.subarray(0, -1)), RangeError);
});

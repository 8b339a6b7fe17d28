import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ClickHouseStore } from "../clickhouse-store.ts";
import { migrate } from "../migrate.ts";
import type { NativeBlock, QueryParameter } from "../store.ts";
import {
  QueryCancelled,
  QueryTimeout,
  QueryTooLarge,
  StoreRefused,
  StoreUnavailable,
} from "../store-errors.ts";
import { nothingRuns, running, untilAnswered } from "./statements-under-way.ts";

/** One way to open the same data again and again. */
export interface StoreUnderTest {
  open(): Promise<ClickHouseStore>;
  /** Kills the database's process, as power loss or a crash would. */
  kill(): void;
  /** Ends and removes everything. */
  end(): Promise<void>;
}

/** Runs for hours unless it is stopped. */
const ENDLESS = "SELECT sum(cityHash64(number)) AS hash FROM numbers(100000000000000)";
const HOSTILE = `it's "q" \`b\` \\ \\' \\n {x:String} ?;-- /* %27 \n\r\t\0\u0001 \u{1f9f6} é` as const;

/** What every store must do. A new store calls this from its own test file. */
export function storeContract(name: string, begin: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let subject: StoreUnderTest;
    let store: ClickHouseStore;

    before(async () => {
      subject = await begin();
      store = await subject.open();
      await migrate(store);
    });

    after(async () => {
      await store?.close(0);
      await subject?.end();
    });

    const parameters: readonly [type: string, sent: QueryParameter, expected: unknown][] = [
      ["String", HOSTILE, HOSTILE],
      ["String", "", ""],
      ["Array(String)", ["a", HOSTILE, "", "\\"], ["a", HOSTILE, "", "\\"]],
      ["Array(String)", [], []],
      ["Array(UInt64)", [0n, 18446744073709551615n], ["0", "18446744073709551615"]],
      ["UInt64", 18446744073709551615n, "18446744073709551615"],
      ["Int64", -9223372036854775808n, "-9223372036854775808"],
      ["UInt8", 255, 255],
      ["Float64", 0.1, 0.1],
      ["Float64", -1.5e-300, -1.5e-300],
      ["Bool", true, true],
      ["Bool", false, false],
      ["Nullable(String)", null, null],
      ["DateTime64(9, 'UTC')", "2026-11-21 07:40:00.123456789", "2026-11-21 07:40:00.123456789"],
    ];
    for (const [type, sent, expected] of parameters) {
      test(`a ${type} parameter arrives as it was sent: ${show(sent)}`, async () => {
        const rows = await store.query(`SELECT {value:${type}} AS value`, { parameters: { value: sent } });
        assert.deepEqual(rows, [{ value: expected }]);
      });
    }

    test("a parameter may be longer than a URL", async () => {
      const ids = Array.from({ length: 50_000 }, (_, at) => `${at}'\n`);
      const rows = await store.query(
        "SELECT length({ids:Array(String)}) AS length, {ids:Array(String)}[-1] AS last",
        {
          parameters: { ids },
        },
      );
      assert.deepEqual(rows, [{ length: "50000", last: "49999'\n" }]);
    });

    test("a parameter that is not given is refused, also when an earlier query gave one", async () => {
      await store.query("SELECT {secret:String} AS value", { parameters: { secret: "x" } });
      await assert.rejects(store.query("SELECT {secret:String} AS value"), refusedWith(456));
    });

    test("64-bit integers come as text, smaller ones as numbers", async () => {
      const rows = await store.query("SELECT toUInt64(7) AS u64, toInt64(-7) AS i64, toUInt32(7) AS u32");
      assert.deepEqual(rows, [{ u64: "7", i64: "-7", u32: 7 }]);
    });

    test("a query without rows gives none", async () => {
      assert.deepEqual(await store.query("SELECT 1 AS one WHERE 0"), []);
    });

    test("a setting holds for its query only", async () => {
      const sql = "SELECT toString(getSetting('max_block_size')) AS size";
      const [standard] = await store.query<{ size: string }>(sql);
      const [changed] = await store.query<{ size: string }>(sql, { settings: { max_block_size: 4321 } });
      assert.equal(changed?.size, "4321");
      assert.deepEqual(await store.query(sql), [standard]);
    });

    test("neither a setting's name nor its value can become SQL", async () => {
      const value = `', max_block_size='4321`;
      const rows = await store.query<{ text: string; size: number }>(
        "SELECT getSetting('count_distinct_implementation') AS text, getSetting('max_block_size') AS size",
        { settings: { count_distinct_implementation: value } },
      );
      assert.equal(rows[0]?.text, value);
      assert.notEqual(Number(rows[0]?.size), 4321);
      const name = "max_threads=1, max_block_size";
      await assert.rejects(store.query("SELECT 1", { settings: { [name]: 1 } }), refusedWith(115));
    });

    test("a second statement is refused", async () => {
      await assert.rejects(store.query("SELECT 1; DROP TABLE resources"), refusedWith(62));
      assert.deepEqual(await store.query("SELECT ';' AS semicolon -- ; comment"), [{ semicolon: ";" }]);
    });

    test("what the database refuses comes with its number and words", async () => {
      await assert.rejects(store.query("SELEKT 1"), refusedWith(62, /syntax/i));
      await assert.rejects(store.query("SELECT * FROM no_such_table"), refusedWith(60, /no_such_table/));
      await assert.rejects(
        store.command("CREATE TABLE broken (x NoSuchType) ENGINE = Memory"),
        refusedWith(50),
      );
    });

    test("an answer has nothing of a query that failed before it", async () => {
      const failing =
        "SELECT number AS leaked, throwIf(number = 400000) FROM numbers(500000) SETTINGS max_block_size = 1000";
      for (let round = 0; round < 8; round++) {
        await assert.rejects(store.query(failing), StoreRefused);
        assert.deepEqual(await store.query("SELECT 1 AS one"), [{ one: 1 }]);
      }
    });

    test("a query that takes too long is stopped", async () => {
      await assert.rejects(store.query(ENDLESS, { timeoutMs: 200 }), QueryTimeout);
      await nothingRuns(store);
    });

    test("a query that needs too much memory is stopped", async () => {
      const sql = "SELECT uniqExact(number) FROM numbers(1000000000)";
      await assert.rejects(store.query(sql, { settings: { max_memory_usage: 40_000_000 } }), QueryTooLarge);
    });

    test("a result that is too large to be held is refused, and can be streamed", async () => {
      const sql = "SELECT number AS n FROM numbers(100000)";
      const settings = { max_result_bytes: 1000 };
      await assert.rejects(store.query(sql, { settings }), QueryTooLarge);
      assert.equal((await collect(store.stream(sql))).length, 100_000);
    });

    test("an aborted query rejects and stops in the database", async () => {
      const abort = new AbortController();
      const query = store.query(ENDLESS, { signal: abort.signal });
      const rejects = assert.rejects(query, QueryCancelled);
      await running(store, 1);
      abort.abort();
      await rejects;
      await nothingRuns(store);
    });

    test("a query whose signal is aborted already is not sent", async () => {
      await assert.rejects(store.query("SELECT 1", { signal: AbortSignal.abort() }), QueryCancelled);
    });

    test("a query cancelled as it was about to be sent does no harm to later ones", async () => {
      // Each leaves a connection idle that the next one would use.
      for (let turn = 0; turn < 5; turn++) {
        await store.query("SELECT 1");
        const leaving = new AbortController();
        const left = store.query("SELECT 2", { signal: leaving.signal });
        leaving.abort();
        await assert.rejects(left, QueryCancelled);
      }
      const slow = "SELECT sleepEachRow(0.1) AS slept FROM numbers(30) SETTINGS max_block_size = 1";
      assert.equal((await store.query(slow)).length, 30);
    });

    test("small queries finish while heavy ones run", async () => {
      const abort = new AbortController();
      const heavy = Array.from({ length: 4 }, () => store.query(ENDLESS, { signal: abort.signal }));
      const ended = Promise.allSettled(heavy);
      await running(store, 4);
      const small = await Promise.all(
        Array.from({ length: 20 }, (_, at) => store.query(`SELECT ${at} AS at`)),
      );
      assert.deepEqual(
        small.flat(),
        Array.from({ length: 20 }, (_, at) => ({ at })),
      );
      await store.command(
        "INSERT INTO attribute_keys VALUES ('span', 'beside-heavy', 'string', '2026-11-21')",
      );
      abort.abort();
      await ended;
      await nothingRuns(store);
    });

    test("a stream brings every row, in order", async () => {
      let next = 0;
      for await (const rows of store.stream<{ n: string }>("SELECT number AS n FROM numbers(300000)")) {
        assert.ok(rows.length > 0);
        for (const row of rows) if (row.n !== String(next++)) assert.fail(`row ${next} is ${row.n}`);
      }
      assert.equal(next, 300_000);
    });

    test("a stream takes parameters and may be empty", async () => {
      const found = await collect(
        store.stream("SELECT {value:String} AS value", { parameters: { value: HOSTILE } }),
      );
      assert.deepEqual(found, [{ value: HOSTILE }]);
      assert.deepEqual(await collect(store.stream("SELECT 1 AS one WHERE 0")), []);
    });

    test("a stream that is left early stops in the database", async () => {
      for await (const rows of store.stream("SELECT number FROM numbers(100000000000000)")) {
        assert.ok(rows.length > 0);
        break;
      }
      await nothingRuns(store);
    });

    test("an aborted stream rejects and stops in the database", async () => {
      const abort = new AbortController();
      const stream = store.stream("SELECT number FROM numbers(100000000000000)", { signal: abort.signal });
      await assert.rejects(async () => {
        for await (const _ of stream) abort.abort();
      }, QueryCancelled);
      await nothingRuns(store);
    });

    test("a stream that fails midway rejects after the rows before", async () => {
      let rows = 0;
      await assert.rejects(async () => {
        const sql =
          "SELECT throwIf(number = 400000) AS x FROM numbers(500000) SETTINGS max_block_size = 10000";
        for await (const some of store.stream(sql)) rows += some.length;
      }, refusedWith(395));
      assert.ok(rows > 0);
    });

    test("a stream that fails at once rejects", async () => {
      await assert.rejects(collect(store.stream("SELECT nothing")), refusedWith(47));
    });

    test("a block's columns go by name, and those it lacks are empty", async () => {
      await store.insert(await resourceBlock(store, "by-name", 1000));
      const [row] = await store.query(
        "SELECT count() AS rows, min(raw) AS raw, max(length(attributes)) AS attributes FROM resources WHERE service_name = 'by-name'",
      );
      assert.deepEqual(row, { rows: "1000", raw: "", attributes: "0" });
    });

    test("a block of 20 MB arrives whole, in one part", async () => {
      const block = await resourceBlock(store, "large", 200_000, ", repeat('x', 100) AS raw");
      await store.insert(block);
      const [row] = await store.query(
        "SELECT count() AS rows, uniqExact(_part) AS parts, sum(length(raw)) AS bytes FROM resources WHERE service_name = 'large'",
      );
      assert.deepEqual(row, { rows: "200000", parts: "1", bytes: "20000000" });
    });

    test("a block that is cut off is refused whole", async () => {
      const block = await resourceBlock(store, "cut", 1000);
      const bytes = Buffer.concat(block.chunks);
      await assert.rejects(
        store.insert({ ...block, chunks: [bytes.subarray(0, bytes.length - 7)] }),
        StoreRefused,
      );
      assert.deepEqual(await store.query("SELECT 1 FROM resources WHERE service_name = 'cut'"), []);
    });

    test("bytes come in the format asked for", async () => {
      const csv = await store.queryBytes("SELECT 'a,\"b' AS x, 1 AS y", "CSVWithNames");
      assert.equal(Buffer.from(csv).toString(), '"x","y"\n"a,""b",1\n');
      await assert.rejects(store.queryBytes("SELECT 1", "CSV; DROP TABLE resources"), TypeError);
    });

    test("a killed database comes back with everything that was inserted", async (t) => {
      await store.insert(await resourceBlock(store, "survivor", 100));
      const query = store.query(ENDLESS);
      const rejects = assert.rejects(query, StoreUnavailable);
      await running(store, 1);
      const killedAt = performance.now();
      subject.kill();
      await rejects;
      await assert.rejects(store.query("SELECT 1"), StoreUnavailable);
      const rows = await untilAnswered(() =>
        store.query("SELECT count() AS rows FROM resources WHERE service_name = 'survivor'"),
      );
      t.diagnostic(`away for ${Math.round(performance.now() - killedAt)} ms`);
      assert.deepEqual(rows, [{ rows: "100" }]);
      assert.equal(store.state, "ready");
    });

    test("close waits for queries under way", async () => {
      const own = await subject.open();
      const query = own.query("SELECT sleep(1) AS slept");
      await running(own, 1);
      await own.close();
      assert.deepEqual(await query, [{ slept: 0 }]);
    });

    test("close stops queries that go on too long", async () => {
      const own = await subject.open();
      const rejects = assert.rejects(own.query(ENDLESS), StoreUnavailable);
      await running(own, 1);
      await own.close(50);
      await rejects;
    });

    test("close may be called twice, and nothing works afterwards", async () => {
      const own = await subject.open();
      await Promise.all([own.close(), own.close()]);
      await own.close();
      assert.equal(own.state, "closed");
      await assert.rejects(own.query("SELECT 1"), StoreUnavailable);
      await assert.rejects(collect(own.stream("SELECT 1")), StoreUnavailable);
    });

    test("data are there after the store was closed and opened again", async () => {
      await store.insert(await resourceBlock(store, "kept", 10));
      await store.close();
      store = await subject.open();
      const rows = await store.query("SELECT count() AS rows FROM resources WHERE service_name = 'kept'");
      assert.deepEqual(rows, [{ rows: "10" }]);
    });
  });
}

function refusedWith(code: number, message = /./): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreRefused, String(error));
    assert.equal(error.clickhouseCode, code);
    assert.match(error.message, message);
    return true;
  };
}

/** A block for `resources`, made by the database itself. */
async function resourceBlock(
  store: ClickHouseStore,
  service: string,
  rows: number,
  more = "",
): Promise<NativeBlock> {
  const sql = `SELECT toLowCardinality({service:String}) AS service_name, number AS resource_id,
    toDate('2026-11-21') AS received_day${more} FROM numbers({rows:UInt64})`;
  const settings = { max_block_size: 1_000_000, max_threads: 1 };
  const bytes = await store.queryBytes(sql, "Native", { parameters: { service, rows }, settings });
  const middle = Math.floor(bytes.length / 2);
  const chunks = [bytes.subarray(0, 1), bytes.subarray(1, middle), bytes.subarray(middle)];
  return { table: "resources", rows, chunks, deduplicationToken: service };
}

async function collect<Row>(stream: AsyncIterable<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const rows of stream) all.push(...rows);
  return all;
}

function show(value: QueryParameter): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part)).slice(0, 40);
}

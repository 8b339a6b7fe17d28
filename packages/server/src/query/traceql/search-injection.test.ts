import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AttributeScope } from "@clew/protocol/traceql/ast";
import { printField } from "@clew/protocol/traceql/print";
import { quote } from "@clew/protocol/traceql/string-text";
import { spanOf } from "@clew/protocol/traceql/testing/span-of";
import { openEmbedded } from "../../store/clickhouse-store.ts";
import type { QueryOptions, Store } from "../../store/store.ts";
import { ingest } from "../testing/ingest.ts";
import { openTestStore, type TestStore } from "../testing/test-store.ts";
import { metrics } from "./metrics/metrics.ts";
import { search } from "./search.ts";
import { resourceSpansOf } from "./testing/plain-to-otlp.ts";

/** Marks every hostile text, so that its way can be followed. */
const MARK = "zqxj";

const HOSTILE = [
  `${MARK}' OR '1'='1`,
  `${MARK}') OR 1=1 --`,
  `${MARK}\\' OR 1=1 #`,
  `${MARK}"; DROP TABLE spans; --`,
  `${MARK}\`; SYSTEM SHUTDOWN; \``,
  `${MARK}*/ OR true /*:conditions*/`,
  `${MARK}{bound_1:String}`,
  `${MARK}\u0000'\t\n\r\\N`,
  `${MARK}%' LIKE '%_[a-z]`,
  `${MARK}ʼ＇‘𝟙 OR 1=1`,
  `['${MARK}'] OR has(['${MARK}'],'${MARK}')`,
];
const SCOPES: readonly AttributeScope[] = ["span", "resource", "event", "link", "instrumentation"];

const statements: string[] = [];
const bound: unknown[] = [];
let opened: TestStore;
let store: Store;

before(async () => {
  opened = await openTestStore(openEmbedded);
  const traces = HOSTILE.map((text, at) => {
    const attributes = { [text]: text };
    const span = spanOf((at + 1).toString(16).padStart(16, "0"), {
      name: text,
      statusMessage: text,
      start: 1_790_000_000_000_000_000n + BigInt(at),
      attributes: { ...attributes, "gen_ai.agent.name": text },
      resource: { ...attributes, "service.name": text },
      instrumentation: { name: text, version: text, attributes },
      events: [{ name: text, time: 0n, attributes }],
      links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), attributes }],
    });
    return { traceId: (at + 1).toString(16).padStart(32, "0"), spans: [span] };
  });
  await ingest(opened.store, "traces", { resourceSpans: traces.flatMap(resourceSpansOf) });
  store = watch(opened.store);
});

after(() => opened?.close());

/** The same store, with the text and the values of every statement written down. */
function watch(of: Store): Store {
  return new Proxy(of, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...call: unknown[]) => {
        if (typeof call[0] === "string") statements.push(call[0]);
        for (const option of call) {
          const { parameters } = (option ?? {}) as QueryOptions;
          if (parameters) bound.push(...Object.values(parameters));
        }
        return value.apply(target, call);
      };
    },
  });
}

async function found(query: string): Promise<number[]> {
  const { items } = await search(store, { query, limit: 100, spansShown: 3 });
  return items.map(({ traceId }) => Number(`0x${traceId}`) - 1).sort((a, b) => a - b);
}

const named = (scope: AttributeScope | "any", name: string, ofParent = false) =>
  printField({ kind: "attribute", scope, ofParent, name, start: 0, end: 0 });

test("hostile names and values of attributes find what has them, and nothing else", {
  timeout: 300_000,
}, async () => {
  for (const [at, text] of HOSTILE.entries()) {
    const conditions = [...SCOPES, "any" as const].map((scope) => `${named(scope, text)} = ${quote(text)}`);
    assert.deepEqual(await found(`{ ${conditions.join(" && ")} }`), [at], text);
    assert.deepEqual(
      await found(`{ ${conditions.map((each) => `!(${each})`).join(" || ")} } | count() > 0`),
      others(at),
    );
    assert.deepEqual(await found(`{ ${named("any", text, true)} = ${quote(text)} }`), [], text);
  }
});

test("hostile texts of intrinsics and regular expressions are compared and no more", {
  timeout: 300_000,
}, async () => {
  const names = [
    "name",
    "statusMessage",
    "event:name",
    "instrumentation:name",
    "instrumentation:version",
    "rootName",
    "rootServiceName",
    "agent:name",
  ];
  for (const [at, text] of HOSTILE.entries()) {
    const conditions = names.map((name) => `${name} = ${quote(text)}`).join(" && ");
    assert.deepEqual(await found(`{ ${conditions} }`), [at], text);
    const pattern = quote(
      text.replace(/[^\p{L}\p{N}]/gu, (sign) => `\\x{${sign.codePointAt(0)!.toString(16)}}`),
    );
    assert.deepEqual(
      await found(`{ name =~ ${pattern} && ${named("span", text)} =~ ${pattern} && rootName =~ ${pattern} }`),
      [at],
    );
    assert.deepEqual(
      await found(
        `{ name =~ ${quote(".*OR 1=1.*")} && name = ${quote(text)} && link:traceID != ${quote(text)} }`,
      ),
      text.includes("OR 1=1") ? [at] : [],
    );
  }
});

test("hostile names are grouped by, calculated with and shown", { timeout: 300_000 }, async () => {
  for (const [at, text] of HOSTILE.entries()) {
    const fields = [
      ...SCOPES.map((scope) => named(scope, text)),
      named("any", text),
      named("span", text, true),
    ];
    const query = `{ name = ${quote(text)} } | by(${fields[0]}) | by(${fields[1]}) | select(${fields.join(", ")})`;
    const { items } = await search(store, { query, limit: 100, spansShown: 3 });
    const shown = items.flatMap(({ traceId, spanSets }) =>
      spanSets.flatMap(({ attributes, spans }) => [
        traceId,
        ...attributes.map(({ value }) => value?.stringValue),
        ...spans.flatMap((span) => span.attributes.map(({ value }) => JSON.stringify(value))),
      ]),
    );
    assert.equal(shown.filter((value) => value === text).length, 2, text);
    assert.equal(shown.filter((value) => value?.includes(JSON.stringify(text))).length, 6, text);
    assert.deepEqual(await found(`max(${fields.join(" + ")}) > 1`), [], String(at));
  }
});

test("series are made of hostile names and values as of any others", { timeout: 300_000 }, async () => {
  const at = 1_790_000_000_000_000_000n;
  const series = async (query: string) => {
    const asked = { query, fromNs: at - 300_000_000_000n, toNs: at + 300_000_000_000n, exemplars: 1 };
    return (await metrics(store, { ...asked, stepNs: "none" })).series;
  };
  for (const text of HOSTILE) {
    const fields = [...SCOPES.map((scope) => named(scope, text)), named("any", text)];
    const filter = fields.map((field) => `${field} = ${quote(text)}`).join(" && ");
    for (const ways of ["", ` && ${named("any", text, true)} = nil`]) {
      const spans = `{ ${filter}${ways} }`;
      const intrinsics = "name, statusMessage, event:name, instrumentation:name, agent:name";
      const [one, ...others] = await series(
        `${spans} | count_over_time() by (${fields.join(", ")}, ${intrinsics})`,
      );
      assert.deepEqual([one?.values, others], [[1], []], text);
      assert.deepEqual(
        one?.labels.map(({ value }) => value?.stringValue),
        Array.from({ length: 11 }, () => text),
      );
      assert.equal(one.exemplars.length, 1);
      assert.deepEqual(await series(`${spans} | sum_over_time(${fields[0]}) by (${fields[1]})`), []);
      assert.deepEqual(await series(`${spans} | quantile_over_time(${fields[5]}, .5)`), []);
    }
    const compared = await series(`{ } | compare({ name = ${quote(text)} }, 20)`);
    const values = compared.flatMap(({ labels }) =>
      labels[0]?.value?.stringValue === "selection" ? (labels[1]?.value?.stringValue ?? []) : [],
    );
    assert.ok(values.filter((value) => value === text).length >= 11, text);
  }
});

test("no hostile text was ever part of a statement, and nothing was lost", async () => {
  assert.ok(statements.length > 200, String(statements.length));
  for (const sql of statements) assert.ok(!sql.includes(MARK), sql);
  const texts = JSON.stringify(bound, (_, value) => (typeof value === "bigint" ? String(value) : value));
  for (const text of HOSTILE) {
    assert.ok(texts.includes(JSON.stringify(text).slice(1, -1)), `${text} was never bound`);
  }
  assert.equal((await found("{ }")).length, HOSTILE.length);
});

function others(at: number): number[] {
  return [...HOSTILE.keys()].filter((other) => other !== at);
}

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Example, type StoredSpan, spansOf, tracesOf } from "./harness/example.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { assertTenSpans, SPANS, SPANS_WHEN_FAILING } from "./harness/ten-spans.ts";

const CASES = 50;
const QUESTION = "Order 1001: was I charged twice? I cannot log in either. When does it arrive?";
const ANSWER =
  "Order 1001 was charged 1 time. We looked into it: the account was locked and is open again. Order 1001 arrives tomorrow.";

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

function chat(chatbot: string, baggage: string): Promise<Response> {
  return fetch(`${chatbot}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", baggage },
    body: JSON.stringify({ message: QUESTION }),
  });
}

function assertIds(spans: readonly StoredSpan[], ids: Readonly<Record<string, string>>): void {
  for (const { service, name, attributes } of spans) {
    const got = Object.fromEntries(Object.keys(ids).map((key) => [key, attributes[key]]));
    assert.deepEqual(got, ids, `${service} ${name}`);
  }
}

test("customer support under clew run: two traces, the ten spans below each other, the ids on every span", async () => {
  const ids = ["--session", "s-1", "--task", "t-1", "--test-case", "c-1"];
  const lines = await Example.run("customer-support", server, { options: ids });
  assert.ok(lines.includes(`chatbot: ${ANSWER}`), lines.join("\n"));
  const [good, bad, ...more] = await tracesOf(server, { session: "s-1" }, [SPANS, SPANS_WHEN_FAILING]);
  assert.deepEqual(more, []);
  for (const [trace, user, count] of [
    [good!, "ana", SPANS],
    [bad!, "ben", SPANS_WHEN_FAILING],
  ] as const) {
    assert.equal(trace.services.length, 7);
    const spans = await spansOf(server, trace.traceId);
    assert.equal(spans.length, count);
    assertTenSpans(spans);
    assertIds(spans, {
      "session.id": "s-1",
      "task.id": "t-1",
      "test.case.id": "c-1",
      "user.id": user,
    });
  }
  assert.deepEqual([good?.errorCount, bad?.status, bad?.error?.service], [0, "error", "inventory"]);
});

test("three agents call two providers' models", async () => {
  const { items } = await server.api.traces({ session: "s-1", status: "ok" });
  const spans = await spansOf(server, items[0]!.traceId);
  const calls = spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "chat");
  const callers = calls.map(({ service, attributes }) => `${service} ${attributes["gen_ai.provider.name"]}`);
  assert.deepEqual(
    [...new Set(callers)],
    ["main-agent openai", "support-agent anthropic", "orders-agent openai"],
  );
  for (const { name, attributes } of calls)
    assert.ok(Number(attributes["gen_ai.usage.output_tokens"]) > 0, name);
});

test("of 50 requests at once, each test case finds its own trace and nothing else", async () => {
  await using example = Example.start("customer-support", server, {
    options: ["--session", "s-50"],
    args: ["--serve"],
  });
  const chatbot = await example.addressAfter("The chatbot is at");
  const cases = Array.from({ length: CASES }, (_, index) => `case-${index}`);
  const answers = await Promise.all(
    cases.map(async (id) => {
      const response = await chat(chatbot, `test.case.id=${id}`);
      return ((await response.json()) as { answer: string }).answer;
    }),
  );
  assert.deepEqual(
    answers,
    cases.map(() => ANSWER),
  );
  assert.equal(await example.stop(), 0);
  const all = await tracesOf(
    server,
    { session: "s-50" },
    cases.map(() => SPANS),
  );
  assert.equal(all.length, CASES);
  const found = new Set<string>();
  for (const id of cases) {
    const { items } = await server.api.traces({ testCase: id });
    assert.deepEqual(
      items.map(({ spanCount }) => spanCount),
      [SPANS],
      id,
    );
    const spans = await spansOf(server, items[0]!.traceId);
    assertTenSpans(spans);
    assertIds(spans, { "session.id": "s-50", "test.case.id": id });
    found.add(items[0]!.traceId);
  }
  assert.equal(found.size, CASES);
});

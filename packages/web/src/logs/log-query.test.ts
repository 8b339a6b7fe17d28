import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLogFilter } from "@clew/protocol/log-query/parse-log-filter";
import { logsPlaceOf, logsWithConditions, logsWithout, readLogWords, requestOf } from "./log-query.ts";

const asked = (query: string) => requestOf(logsPlaceOf(new URLSearchParams(query)));

test("the page's address is what the API is asked for", () => {
  assert.deepEqual(asked(""), {});
  assert.deepEqual(asked("text=no+answer&service=a&service=b&trace=0af7&from=now-1h&to=5"), {
    text: "no answer",
    service: ["a", "b"],
    trace: "0af7",
    from: "now-1h",
    to: "5",
  });
  assert.deepEqual(asked("since=15m"), { from: "now-15m" });
  assert.deepEqual(asked("trace=0af7&around=b7ad6b7169203331&margin=30s"), {
    trace: "0af7",
    around: "b7ad6b7169203331",
    before: "30s",
    after: "30s",
  });
  assert.deepEqual(asked("around=b7ad6b7169203331&margin=30s"), {}, "a span without its trace says nothing");
});

test("a least severity goes into the braces of the filter", () => {
  const filters: readonly (readonly [query: string, q: string | undefined])[] = [
    ["level=warn", "{ severity >= warn }"],
    ["level=warn&q={ }", "{ severity >= warn }"],
    ["level=warn&q={ .a = 1 || .b = 2 }", "{ severity >= warn && (.a = 1 || .b = 2) }"],
    ["level=nothing&q={ .a }", "{ .a }"],
  ];
  for (const [query, q] of filters) {
    const request = asked(query);
    assert.equal(request.q, q);
    assert.doesNotThrow(() => parseLogFilter(request.q ?? ""));
  }
  assert.equal(asked("level=warn&q={ .a =").q, "{ .a =", "what is wrong stays as it was written");
});

test("words, conditions and trace ids are told apart", () => {
  assert.deepEqual(readLogWords("connection refused"), [["text", "connection refused"]]);
  assert.deepEqual(readLogWords('service:"my planner" test-case:late "no answer"'), [
    ["service", "my planner"],
    ["testCase", "late"],
    ["text", "no answer"],
  ]);
  assert.deepEqual(readLogWords("0AF7651916CD43DD8448EB211C80319C"), [
    ["trace", "0af7651916cd43dd8448eb211c80319c"],
  ]);
  assert.deepEqual(readLogWords("http://x 12:30"), [["text", "http://x 12:30"]]);
});

test("conditions are added and removed", () => {
  const query = new URLSearchParams("service=a&text=old&trace=0af7&around=b7ad6b7169203331&log=x");
  assert.equal(
    logsWithConditions(query, [
      ["service", "a"],
      ["service", "b"],
      ["text", "new"],
    ]),
    "/logs?service=a&text=new&trace=0af7&around=b7ad6b7169203331&service=b",
  );
  assert.equal(
    logsWithout(new URLSearchParams("service=a&service=b"), { name: "service", value: "a" }),
    "/logs?service=b",
  );
  assert.equal(logsWithout(query, { name: "trace", value: "0af7" }), "/logs?service=a&text=old&log=x");
});

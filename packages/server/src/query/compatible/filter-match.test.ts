import assert from "node:assert/strict";
import { test } from "node:test";
import { filterMatch, unfinishedFilterMatch } from "./filter-match.ts";

test("a filter of equalities says what must hold for a span", () => {
  assert.deepEqual(filterMatch("{ }"), {});
  assert.deepEqual(
    filterMatch('{ name = "a" && (status = error && "GET" = .method) && kind = server && span.n = 5 }'),
    {
      name: "a",
      status: 2,
      kind: 2,
      tags: [
        { key: "method", value: "GET", level: "either" },
        { key: "n", value: "5", level: "span" },
      ],
    },
  );
  assert.deepEqual(filterMatch('{ resource."a b" = true }'), {
    tags: [{ key: "a b", value: "true", level: "resource" }],
  });
});

test("any other query is none", () => {
  for (const query of [
    "",
    "{",
    "{ name != `a` }",
    '{ name = "a" || name = "b" }',
    '{ name = "a" && name = "b" }',
    '{ name =~ "a" }',
    "{ duration = 5s }",
    "{ span.a = 1.5 }",
    "{ span.a = span.b }",
    "{ parent.a = 1 }",
    '{ event.a = "b" }',
    "{ true }",
    "{ } | count() > 1",
    "{ } && { }",
    "{ } | rate()",
  ])
    assert.equal(filterMatch(query), undefined, query);
});

test("of a filter that is not written to its end, what can be read counts", () => {
  const a = { tags: [{ key: "a", value: "b", level: "resource" }] };
  assert.deepEqual(unfinishedFilterMatch('{ resource.a = "b" && span.c = }'), a);
  assert.deepEqual(unfinishedFilterMatch('{ resource.a = "b" && '), a);
  assert.deepEqual(unfinishedFilterMatch('{ resource.a = "b" && span.c =~ "d" && name = "e" }'), {
    ...a,
    name: "e",
  });
  for (const query of ['{ resource.a = "b" || span.c = }', "nothing", "", '{ name = "a" } && { name = }'])
    assert.deepEqual(unfinishedFilterMatch(query), {}, query);
});

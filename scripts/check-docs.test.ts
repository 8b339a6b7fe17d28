import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorOf, brokenLinks } from "./check-docs.ts";

const pages: Record<string, string> = {
  "README.md": "# Clew\n[guide](docs/guide.md) [ports](docs/guide.md#which-ports) [web](https://example.com)",
  "docs/guide.md":
    "# Guide\n## Which ports?\n[up](../README.md) [gone](missing.md) [no](#nowhere) `[code](x.md)`",
};

test("a heading's anchor is its words in lower case, joined by hyphens", () => {
  assert.equal(anchorOf("Which `ports`, and why?"), "which-ports-and-why");
});

test("links to pages and headings that exist, to other sites and in code are left alone", () => {
  assert.deepEqual(
    brokenLinks("README.md", (path) => pages[path]),
    [],
  );
});

test("links to a missing page or heading are reported", () => {
  assert.deepEqual(
    brokenLinks("docs/guide.md", (path) => pages[path]),
    ["docs/guide.md: missing.md leads nowhere", "docs/guide.md: #nowhere leads nowhere"],
  );
});

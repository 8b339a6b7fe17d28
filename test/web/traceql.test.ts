import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { send, sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";
import { TraceBuilder } from "./data/span-builder.ts";

const MINUTE_MS = 60_000;
const HOSTILE = '<img src=x onerror="alert(1)">';

/** Where in their minutes the traces begin, the histogram's test depends on. */
const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS / 2;
const failing = refundTrace({ startMs: nowMs - 5 * MINUTE_MS, fails: true, shared: { "session.id": "s-9" } });
const good = refundTrace({ startMs: nowMs - 6 * MINUTE_MS, shared: { "session.id": "s-9" } });
const hostile = new TraceBuilder(nowMs - 7 * MINUTE_MS);
hostile.add({
  name: HOSTILE,
  service: HOSTILE,
  at: 0,
  took: 10,
  attributes: { "gen_ai.agent.name": HOSTILE, "hostile.key": `${HOSTILE}"}` },
});

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  await sendAndSee(server, good.traceId, good.build(), 12);
  await sendAndSee(server, hostile.traceId, hostile.build(), 1);
});

after(() => server[Symbol.asyncDispose]());

function addressOf(query: string, others = ""): string {
  return `/traces?q=${encodeURIComponent(query)}${others}`;
}

function box({ page }: Ui) {
  return page.getByRole("combobox", { name: "Search traces" });
}

async function holds(ui: Ui, text: string): Promise<void> {
  await until(`the box to hold ${text}`, async () => (await box(ui).inputValue()) === text);
}

test("a query is written with what is proposed, from field to value, and leads to a span, by keyboard alone", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  const option = (name: string) => page.getByRole("option", { name });
  await page.getByRole("table", { name: "Traces" }).waitFor();
  await ui.press("/");
  await page.keyboard.type("{ agent:na");
  await option("agent:name").waitFor();
  await ui.press("ArrowDown", "Enter");
  await holds(ui, "{ agent:name ");
  await page.keyboard.type("= ");
  await option('"ledger-clerk"').waitFor();
  await page.keyboard.type('"led');
  await option('"orchestrator"').waitFor({ state: "detached" });
  await ui.press("ArrowDown");
  assert.equal(
    await page.locator(`#${await box(ui).getAttribute("aria-activedescendant")}`).textContent(),
    '"ledger-clerk"',
  );
  await ui.press("Tab");
  await holds(ui, '{ agent:name = "ledger-clerk" ');
  await page.keyboard.type("&& status = err");
  await option("error").waitFor();
  await ui.press("ArrowUp", "Enter");
  await page.keyboard.type("} | select(agent:error_type)");
  await ui.press("Enter");
  const query = '{ agent:name = "ledger-clerk" && status = error } | select(agent:error_type)';
  assert.equal((await ui.address(/q=/)).searchParams.get("q"), query);
  const matches = page.getByRole("row").filter({ hasText: "matching spans" });
  await matches.waitFor();
  assert.match(
    (await matches.textContent()) ?? "",
    /3 matching spans.*invoke_agent ledger-clerk.*agent:error_type timeout/,
  );
  assert.equal(await page.locator("a[data-row]").count(), 1);
  await matches.getByRole("link").first().focus();
  await ui.press("Enter");
  await ui.address(new RegExp(`/traces/${failing.traceId}\\?span=[0-9a-f]{16}`));
  await page.getByRole("treegrid").waitFor();
  await until("the span", async () => /invoke_agent ledger-clerk/.test(await ui.activeRow()));
  await page.goBack();
  await matches.waitFor();
  await holds(ui, query);
});

test("a mistake is underlined where it is, told, and mended; until then nothing is searched", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  await page.getByRole("table", { name: "Traces" }).waitFor();
  await ui.press("/");
  await page.keyboard.type('{ agent:nmae = "writer" }');
  await page.getByText("there is no agent:nmae; did you mean agent:name?").waitFor();
  assert.equal(await page.locator("mark").textContent(), "agent:nmae");
  assert.equal(await box(ui).getAttribute("aria-invalid"), "true");
  const described = await box(ui).getAttribute("aria-describedby");
  assert.match((await page.locator(`[id="${described}"]`).textContent()) ?? "", /there is no agent:nmae/);
  await ui.press("Enter");
  const selected = await page.evaluate("getSelection().toString()");
  assert.equal(selected, "agent:nmae");
  assert.equal(new URL(page.url()).search, "");
  await page.getByRole("button", { name: "Write agent:name" }).click();
  await holds(ui, '{ agent:name = "writer" }');
  await ui.press("Enter");
  await ui.address(/q=/);
  await until("one trace", async () => (await page.locator("a[data-row]").count()) === 1);
  assert.equal(await page.locator("a[data-row]").getAttribute("href"), `/traces/${good.traceId}`);
});

test("what is missing at the end is told on Enter, not while it may still come", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  await ui.press("/");
  await page.keyboard.type("{ status = error ");
  await page.getByRole("option", { name: "both; binds" }).waitFor();
  assert.equal(await page.locator("mark").count(), 0);
  await ui.press("Enter");
  await page.getByText(/expected .*, found the end of the query/).waitFor();
  assert.equal(await page.locator("mark").count(), 1);
});

test("lines that are pasted become one, and a query that asks too much is refused in words", async () => {
  await using ui = await Ui.open(server, "/traces", { allowed: /400/ });
  const { page } = ui;
  await page.getByRole("table", { name: "Traces" }).waitFor();
  await box(ui).focus();
  await page.evaluate(`(() => {
    const data = new DataTransfer();
    data.setData("text", "{ agent:name =\\n  \\"writer\\" }\\n| count() > 1");
    const pasted = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
  })()`);
  await holds(ui, '{ agent:name =   "writer" } | count() > 1');
  await ui.press("Enter");
  await ui.address(/q=/);
  await page.getByText("2 matching spans").waitFor();
  await box(ui).fill(Array(17).fill("{ }").join(" && "));
  await ui.press("Enter");
  await page.getByRole("alert").filter({ hasText: "at most 16 filters" }).waitFor();
});

test("a stretch of time up to now takes the place of one that was chosen", async () => {
  await using ui = await Ui.open(server, `/traces?session=s-9&from=${nowMs - 7 * MINUTE_MS}&to=${nowMs}`);
  const { page } = ui;
  await page.getByRole("listitem").filter({ hasText: "To" }).waitFor();
  await page.getByRole("combobox", { name: "Started" }).selectOption("Last hour");
  assert.equal((await ui.address(/now-1h/)).search, "?session=s-9&from=now-1h");
});

test("a link with a wrong query says what is wrong with it", async () => {
  await using ui = await Ui.open(server, addressOf("{ status = eror }"));
  await ui.page.getByRole("heading", { name: "This query cannot be read" }).waitFor();
  await ui.page.getByText("did you mean error?").waitFor();
});

test("conditions hold beside a query, and become one", async () => {
  await using ui = await Ui.open(
    server,
    addressOf('{ agent:name = "researcher" }', "&session=s-9&status=ok"),
  );
  const { page } = ui;
  const ids = () =>
    page.locator("a[data-row]").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  await page.getByText("2 matching spans").first().waitFor();
  assert.deepEqual(await ids(), [`/traces/${good.traceId}`]);
  await page.getByRole("button", { name: "All" }).click();
  await until("both", async () => (await ids()).length === 2);
  await ui.go("/traces?session=s-9&agent=ledger-clerk&status=error&text=fee&from=now-1h");
  await page.getByRole("button", { name: "Edit as TraceQL" }).click();
  const { searchParams } = await ui.address(/q=/);
  assert.equal(
    searchParams.get("q"),
    '{ agent:session = "s-9" } && { agent:name = "ledger-clerk" } && { status = error }',
  );
  assert.deepEqual([...searchParams.keys()].sort(), ["from", "q", "text"]);
  await page.getByText("Not looked at beside TraceQL, which has no words for it: text fee.").waitFor();
  await page.getByRole("link", { name: "Remove Text fee" }).click();
  await page.getByText("Not looked at").waitFor({ state: "detached" });
  await until("the one", async () => (await ids()).length === 1);
});

test("words stay words, and take the place of a query", async () => {
  await using ui = await Ui.open(server, addressOf("{ status = error }"));
  const { page } = ui;
  await page.getByText("matching spans").first().waitFor();
  await box(ui).fill("good news session:s-9");
  await ui.press("Enter");
  assert.equal((await ui.address(/text=/)).search, "?session=s-9&text=good+news");
  await until("the one", async () => (await page.locator("a[data-row]").count()) === 1);
  await holds(ui, "");
});

test("more of the matching spans are shown when they are asked for", async () => {
  await using ui = await Ui.open(server, addressOf("{ } | by(status)", "&session=s-9"));
  const row = ui.page
    .getByRole("row")
    .filter({ hasText: "POST /refunds" })
    .filter({ hasText: "matching" })
    .first();
  await row.getByText("3 of 11 matching spans").waitFor();
  await row.getByRole("button", { name: "Show more of the matching spans" }).click();
  await row.getByText("11 matching spans", { exact: true }).waitFor();
  assert.equal(await row.getByRole("listitem").count(), 16);
  await row.getByRole("button", { name: "Show fewer" }).press("Enter");
  await row.getByText("3 of 11 matching spans").waitFor();
});

test("pages of a search have addresses; one that ended early says so and goes on", async () => {
  const traces = Array.from({ length: 60 }, (_, index) =>
    refundTrace({ startMs: nowMs - 60 * MINUTE_MS - index * 1000, shared: { "session.id": "many" } }),
  );
  for (const trace of traces) await send(server, trace.build());
  await until(
    "all of them",
    async () => (await server.api.traces({ session: "many", limit: 100 })).items.length === 60,
  );
  await using ui = await Ui.open(server, addressOf('{ agent:name = "writer" }', "&session=many"));
  const { page } = ui;
  const rows = page.locator("a[data-row]");
  await until("the first page", async () => (await rows.count()) === 50);
  await page.getByRole("link", { name: "Older traces" }).click();
  await ui.address(/cursor=/);
  await until("the second page", async () => (await rows.count()) === 10);
  assert.equal(await rows.last().getAttribute("href"), `/traces/${traces.at(-1)!.traceId}`);
  await page.goBack();
  await until("the first page again", async () => (await rows.count()) === 50);
  // What takes the server ten seconds is said for it here.
  await page.route("**/api/v1/search?*", async (route) => {
    const answer = await route.fetch();
    const json = (await answer.json()) as { readonly items: readonly unknown[] };
    const isFirst = !route.request().url().includes("cursor=");
    await route.fulfill({
      json: isFirst ? { ...json, items: json.items.slice(0, 2), partial: { reason: "time" } } : json,
    });
  });
  await page.getByRole("button", { name: "Search again" }).click();
  await until("what was found so far", async () => (await rows.count()) === 2);
  const notice = page.getByRole("status").filter({ hasText: "There may be more." });
  assert.match((await notice.textContent()) ?? "", /It took as long as a search may/);
  await notice.getByRole("link", { name: "Search on, among older traces" }).click();
  await until("what comes after", async () => (await rows.count()) === 10);
  await page.unrouteAll({ behavior: "wait" });
});

test("a query for series is answered with lines, with the same as a table, and with a part of the time by dragging", async () => {
  await using ui = await Ui.open(
    server,
    addressOf('{ agent:session = "s-9" } | count_over_time() by (agent:name)'),
  );
  const { page } = ui;
  const chart = page.getByRole("img", { name: /series as lines over time/ });
  await chart.waitFor();
  await page.getByRole("button", { name: "Show every value" }).press("Enter");
  const values = page.getByRole("region", { name: "Values by time" });
  const counts = await values.getByRole("cell").allTextContents();
  assert.equal(
    counts.reduce((sum, count) => sum + Number(count), 0),
    16 + 12,
  );
  const plot = page.locator("[title='Drag to zoom']");
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
  await page.mouse.up();
  const { searchParams } = await ui.address(/from=\d+&to=\d+/);
  const [from, to] = [Number(searchParams.get("from")), Number(searchParams.get("to"))];
  assert.ok(to - from > 20 * MINUTE_MS && to - from < 30 * MINUTE_MS, `${to - from} ms`);
});

test("a query for series that nothing matches says so, and durations have units", async () => {
  await using ui = await Ui.open(server, addressOf('{ agent:name = "nobody" } | rate() by (name)'));
  const { page } = ui;
  await page.getByText("No span matches in this time. Last hour.").waitFor();
  await ui.go(
    addressOf('{ name = "POST /refunds" && status = error } | max_over_time(duration)', "&from=now-15m"),
  );
  const series = page.getByRole("region", { name: "Series" });
  await series.getByRole("cell", { name: "31.4 s" }).first().waitFor();
  await page.getByText("Last 15 minutes. 1 series").waitFor();
});

test("above the list stands when its traces began and which failed; dragging narrows the list to a time", async () => {
  await using ui = await Ui.open(server, "/traces?session=s-9");
  const { page } = ui;
  const histogram = page.getByRole("region", { name: "Traces over time" });
  await histogram.getByText("2 traces began, 1 failed at the root").waitFor();
  const bars = histogram.getByRole("img");
  await histogram.getByRole("button", { name: "Table" }).press("Enter");
  const counts = await histogram
    .getByRole("row")
    .filter({ hasText: /^\d\d:\d\d:\d\d/ })
    .allTextContents();
  const numbers = counts.map((row) => row.slice(8));
  assert.deepEqual(
    numbers.filter((row) => row !== "00"),
    ["10", "11"],
  );
  const box = (await bars.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + 20);
  await page.mouse.up();
  await ui.address(/from=\d+&to=\d+/);
  await until("one trace", async () => (await page.locator("a[data-row]").count()) === 1);
  assert.equal(await page.locator("a[data-row]").getAttribute("href"), `/traces/${failing.traceId}`);
  await histogram.getByText("1 trace began, 1 failed at the root").waitFor();
  await histogram.getByRole("link", { name: "All of the time" }).click();
  await until("both traces", async () => (await page.locator("a[data-row]").count()) === 2);
  await ui.go(addressOf('{ agent:name = "writer" }', "&session=s-9"));
  await histogram.getByText("1 trace began, 0 failed at the root").waitFor();
});

test("hostile names and values are text, in results and where they are proposed", async () => {
  await using ui = await Ui.open(server, addressOf("{ .hostile.key != nil } | select(.hostile.key)"));
  const { page } = ui;
  await page.getByText(`.hostile.key ${HOSTILE}"}`).waitFor();
  await page.getByRole("link", { name: HOSTILE }).first().waitFor();
  await box(ui).fill("{ agent:name = ");
  await page.getByRole("option", { name: HOSTILE.replaceAll('"', '\\"') }).click();
  await holds(ui, `{ agent:name = "${HOSTILE.replaceAll('"', '\\"')}" `);
  await page.keyboard.type("}");
  await ui.press("Enter");
  await ui.address(/agent%3Aname/);
  await page.getByText("1 matching span").waitFor();
  assert.equal(await page.locator("img[src=x]").count(), 0);
});

test("the language is loaded when somebody begins a query, not before", async () => {
  await using ui = await Ui.open(server, "/");
  const { page } = ui;
  const scripts: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script") scripts.push(new URL(request.url()).pathname);
  });
  await page.reload();
  await page.getByRole("table", { name: "Traces" }).waitFor();
  assert.equal(
    scripts.some((path) => path.includes("traceql")),
    false,
  );
  await box(ui).fill("{ ");
  await page.getByRole("option", { name: "agent:name" }).waitFor();
  assert.equal(
    scripts.some((path) => path.includes("traceql")),
    true,
  );
});

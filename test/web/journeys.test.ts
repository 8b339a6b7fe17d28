import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { send, sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";

const SPANS = 12;
const SPANS_WHEN_FAILING = 16;
const MINUTE_MS = 60_000;

const nowMs = Date.now();
const failing = refundTrace({
  startMs: nowMs - 5 * MINUTE_MS,
  fails: true,
  shared: { "test.case.id": "late-fee", "session.id": "s-9" },
});
const good = refundTrace({ startMs: nowMs - 6 * MINUTE_MS, shared: { "test.case.id": "late-fee" } });
const other = refundTrace({ startMs: nowMs - 4 * MINUTE_MS, shared: { "test.case.id": "double-charge" } });

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, failing.traceId, failing.build(), SPANS_WHEN_FAILING);
  await sendAndSee(server, good.traceId, good.build(), SPANS);
  await sendAndSee(server, other.traceId, other.build(), SPANS);
});

after(() => server[Symbol.asyncDispose]());

test("who comes first is told how to send, sees what was refused and why, and the first trace by itself", async () => {
  await using empty = await ServerProcess.start();
  await using ui = await Ui.open(empty, "/");
  const { page } = ui;
  await page.getByRole("heading", { name: "Waiting for the first trace" }).waitFor();
  assert.equal(await page.locator("pre").first().textContent(), "clew run -- node agent.js");
  await page.getByText(`http://127.0.0.1:${empty.ports.http}`, { exact: true }).waitFor();
  const refused = await fetch(`http://127.0.0.1:${empty.ports.http}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: "spans",
  });
  assert.equal(refused.status, 415);
  const line = page.getByRole("region", { name: "Requests received" }).locator("li", { hasText: "415" });
  await line.waitFor();
  assert.match((await line.textContent()) ?? "", /\/v1\/traces text\/plain.*application\/json/);
  const first = refundTrace({ startMs: Date.now() - MINUTE_MS });
  await send(empty, first.build());
  await page.getByRole("link", { name: "POST /refunds" }).click();
  await page.getByRole("treegrid", { name: "Spans" }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/traces/${first.traceId}`);
});

test("a failing trace is found by its test case, and its error reached, by keyboard alone", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  await page.getByRole("table", { name: "Traces" }).waitFor();
  await ui.press("/");
  await page.keyboard.type("test-case:late-fee status:error");
  await ui.press("Enter");
  assert.equal((await ui.address(/testCase/)).search, "?testCase=late-fee&status=error");
  await until("the only row", async () => (await page.locator("tbody tr").count()) === 1);
  await ui.press("Escape", "j", "Enter");
  await ui.address(new RegExp(`/traces/${failing.traceId}`));
  await page.getByRole("treegrid").waitFor();
  await ui.press("e");
  await until("the error", async () => /UPDATE accounts.*error/.test(await ui.activeRow()));
  const details = page.getByRole("complementary", { name: "Span details" });
  await details.getByRole("heading", { name: "UPDATE accounts" }).waitFor();
  await details.getByText("canceling statement due to lock timeout", { exact: true }).waitFor();
  await ui.press("ArrowLeft");
  await until("the span above", async () => /invoke_agent ledger-clerk/.test(await ui.activeRow()));
  await ui.press("e", "Enter");
  await page.locator("aside:focus").waitFor();
  await ui.press("Escape");
  await page.locator("[role=treegrid]:focus").waitFor();
  await ui.press("Escape");
  assert.equal((await ui.address(/testCase/)).search, "?testCase=late-fee&status=error");
});

test("facets beside the list count its traces and narrow it, and a value that was chosen can be left again", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  const facets = page.getByRole("complementary", { name: "Narrow the list" });
  if (!(await facets.isVisible())) await ui.press("f");
  const cases = facets.getByRole("region", { name: "Test case" });
  await until("the counts", async () => (await cases.textContent()) === "Test caselate-fee2double-charge1");
  await facets.getByRole("checkbox", { name: /^late-fee/ }).press("Space");
  assert.equal((await ui.address(/testCase/)).search, "?testCase=late-fee");
  await facets.getByRole("checkbox", { name: /^error/ }).press("Space");
  assert.equal((await ui.address(/status/)).search, "?testCase=late-fee&status=error");
  await until("the only row", async () => (await page.locator("tbody tr").count()) === 1);
  await until("what the other status would find", async () =>
    /ok\s*1/.test((await facets.textContent()) ?? ""),
  );
  await facets.getByRole("checkbox", { name: /^error/ }).press("Space");
  await until("the list without it", async () => (await page.locator("tbody tr").count()) === 2);
  await ui.press("f");
  await facets.waitFor({ state: "hidden" });
});

test("a conversation reads as one: what was asked, which tool was called, what came back", async () => {
  await using ui = await Ui.open(server, `/traces/${good.traceId}?find=writer`);
  const { page } = ui;
  await page.getByRole("status").filter({ hasText: "2 matches" }).waitFor();
  await ui.press("n", "n");
  const messages = page.getByRole("list", { name: "Messages" });
  await messages.waitFor();
  const texts = await messages.getByRole("listitem").allInnerTexts();
  assert.deepEqual(
    texts.map((text) => text.split("\n")[0]),
    ["user", "assistant", "tool", "user", "assistant"],
  );
  assert.match(texts[0]!, /My parcel came a week late/);
  assert.match(texts[2]!, /refunded: 12\.5/);
  assert.match(texts[4]!, /Good news: the late fee/);
  await page.getByText("System prompt").click();
  await page.getByText("You are the refund desk of a shop.").waitFor();
  await ui.go(`/traces/${good.traceId}?find=refund_fee`);
  await page.getByRole("status").filter({ hasText: "1 match" }).waitFor();
  await ui.press("n");
  await page.getByRole("tab", { name: "Tool call", selected: true }).waitFor();
  await page.getByRole("region", { name: "Arguments" }).getByText("reason: R-17").waitFor();
  await page.getByRole("region", { name: "Result" }).getByText("refunded: 12.5").waitFor();
});

test("agents, models and tools alone tell the story, and where an error began stays", async () => {
  await using ui = await Ui.open(server, `/traces/${failing.traceId}`);
  const { page } = ui;
  const names = async (): Promise<string[]> =>
    (await page.getByRole("row").allTextContents()).map((text) => text.replace(/^(Close)?[a-z]+/, ""));
  const grid = page.getByRole("treegrid");
  await grid.waitFor();
  assert.equal(await grid.getAttribute("aria-rowcount"), `${SPANS_WHEN_FAILING}`);
  await page.getByRole("button", { name: "Agents only" }).waitFor({ state: "detached" });
  await ui.go(`/traces/${good.traceId}`);
  await page.getByRole("button", { name: "Agents only" }).waitFor();
  await ui.press("i");
  await until("fewer rows", async () => (await grid.getAttribute("aria-rowcount")) === `${SPANS - 1}`);
  assert.equal(
    (await names()).some((name) => name.startsWith("UPDATE accounts")),
    false,
  );
  assert.match((await names())[0] ?? "", /^POST \/refunds/);
  assert.equal(new URL(page.url()).searchParams.get("hide"), "infra");
});

test("a running trace grows while it is looked at, and ends", async () => {
  const startMs = Date.now() - 3000;
  const trace = refundTrace({ startMs });
  const [root, ...others] = trace.build().resourceSpans!;
  const open = structuredClone(root!);
  const [span] = open.scopeSpans![0]!.spans!;
  delete span!.endTimeUnixNano;
  span!.attributes!.push({ key: "clew.running", value: { boolValue: true } });
  await sendAndSee(server, trace.traceId, { resourceSpans: [open] }, 1);
  await using ui = await Ui.open(server, `/traces/${trace.traceId}`);
  const { page } = ui;
  await page.getByText("1 running").waitFor();
  assert.match(await ui.activeRow(), /POST \/refunds.*running, /);
  await page.getByText("following").waitFor();
  await send(server, { resourceSpans: others });
  await until(
    "all rows",
    async () => (await page.getByRole("treegrid").getAttribute("aria-rowcount")) === `${SPANS}`,
  );
  await page.getByText("1 running").waitFor();
  await send(server, { resourceSpans: [root!] });
  await page.getByText("1 running").waitFor({ state: "detached" });
  await until("its length", async () => /POST \/refunds.*9\.4 s/.test(await ui.activeRow()));
});

test("new traces come into the list by themselves, and only those that fit its filter", async () => {
  await using ui = await Ui.open(server, "/traces?testCase=fresh");
  const { page } = ui;
  await page.getByRole("heading", { name: "No trace fits" }).waitFor();
  await page.getByRole("button", { name: "Live" }).waitFor();
  const wrong = refundTrace({ startMs: Date.now() - 2 * MINUTE_MS, shared: { "test.case.id": "stale" } });
  const right = refundTrace({ startMs: Date.now() - MINUTE_MS, shared: { "test.case.id": "fresh" } });
  await sendAndSee(server, wrong.traceId, wrong.build(), SPANS);
  await send(server, right.build());
  await until("its row", async () => (await page.locator("tbody tr").count()) === 1);
  assert.equal(await page.locator("tbody a[data-row]").getAttribute("href"), `/traces/${right.traceId}`);
});

test("a link shows another person the same span, opened fresh", async () => {
  let link = "";
  {
    await using ui = await Ui.open(server, `/traces/${failing.traceId}`);
    await ui.page.getByRole("treegrid").waitFor();
    await ui.press("e");
    await ui.page.getByRole("tab", { name: /Events/ }).click();
    link = (await ui.address(/span=[0-9a-f]{16}.*tab=events|tab=events.*span=[0-9a-f]{16}/)).href;
  }
  await using ui = await Ui.open(server, link);
  await ui.page.getByRole("tab", { name: /Events/, selected: true }).waitFor();
  await ui.page.getByText("exception.stacktrace").waitFor();
  assert.match(await ui.activeRow(), /UPDATE accounts/);
  await ui.go(`/traces/${failing.traceId.slice(0, 12)}`);
  await ui.address(new RegExp(`/traces/${failing.traceId}$`));
});

test("a server with a token asks for it, and shows what it has to who knows it", async () => {
  await using locked = await ServerProcess.start({ env: { CLEW_TOKEN: "correct-horse" } });
  await using ui = await Ui.open(locked, "/", { allowed: /401/ });
  const { page } = ui;
  const token = page.getByLabel("Token");
  await token.fill("wrong");
  await ui.press("Enter");
  await page.getByRole("alert").filter({ hasText: "did not accept" }).waitFor();
  await token.fill("correct-horse");
  await ui.press("Enter");
  await page.getByRole("heading", { name: "Waiting for the first trace" }).waitFor();
  await page.getByText("This server asks senders for its token.").waitFor();
  await page.getByText("Listening. Nothing has been sent").waitFor();
});

test("older pages have an address each, and the back button leads through them", async () => {
  const traces = Array.from({ length: 60 }, (_, index) =>
    refundTrace({ startMs: nowMs - 60 * MINUTE_MS - index * 1000, shared: { "session.id": "many" } }),
  );
  for (const trace of traces) await send(server, trace.build());
  await until(
    "all of them",
    async () => (await server.api.traces({ session: "many", limit: 100 })).items.length === 60,
  );
  await using ui = await Ui.open(server, "/traces?session=many");
  const { page } = ui;
  const rows = page.locator("tbody tr");
  await until("the first page", async () => (await rows.count()) === 50);
  await page.getByRole("link", { name: "Older traces" }).click();
  await ui.address(/cursor=/);
  await until("the second page", async () => (await rows.count()) === 10);
  assert.equal(
    await rows.last().locator("a[data-row]").getAttribute("href"),
    `/traces/${traces.at(-1)!.traceId}`,
  );
  await page.goBack();
  await until("the first page again", async () => (await rows.count()) === 50);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { TracesData } from "@clew/protocol/otlp/model";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { BATCH_SPANS, batchLogs, batchTrace } from "./data/batch-trace.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";

const MINUTE_MS = 60_000;
const crew = crewTrace(Date.now() - 3 * MINUTE_MS);
const batch = batchTrace(Date.now() - 2 * MINUTE_MS);

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, crew.traceId, crew.build(), CREW_SPANS);
  await sendAndSee(server, batch.traceId, batch.build(), BATCH_SPANS);
  const answer = await fetch(`http://127.0.0.1:${server.ports.http}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(batchLogs(batch, batch.failed)),
  });
  assert.equal(answer.status, 200, await answer.text());
  await until(
    "the records",
    async () => (await server.api.logs({ trace: batch.traceId })).items.length === 40,
  );
});

after(() => server[Symbol.asyncDispose]());

/** The name of the span whose details are shown. */
async function shown(ui: Ui, name: string): Promise<void> {
  await ui.page
    .getByRole("complementary", { name: "Span details" })
    .getByRole("heading", { name, exact: true })
    .waitFor();
}

test("the flame is walked by keyboard, and a merged bar stands for all that was called along its way", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}?v=waterfall`);
  const { page } = ui;
  await page.getByRole("treegrid").waitFor();
  await ui.press("5");
  await page.locator("[role=application]:focus").waitFor();
  const said = (text: RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
  await ui.press("ArrowDown", "ArrowDown", "ArrowRight");
  await said(/^execute_tool ask_researcher, .*17\.6 s, level 2/);
  await ui.press("ArrowDown");
  await said(/^POST, crew, /);
  await ui.press("ArrowUp", "ArrowUp");
  await shown(ui, "invoke_agent orchestrator");

  await page.getByRole("button", { name: "Merged" }).click();
  await ui.address(/flame=merged/);
  await page.getByRole("button", { name: "Cost", exact: true }).first().click();
  await ui.address(/by=cost/);
  await page.getByRole("button", { name: "Time", exact: true }).first().click();
  await page.getByRole("application", { name: "Spans of one way merged" }).focus();
  await ui.press("ArrowDown", "ArrowRight");
  await said(/^invoke_agent (planner|critic) ×4, 5 s, 13 % of all, 400 ms its own, 4 spans/);
  const hot = page.getByRole("region", { name: "Where it went" });
  assert.match((await hot.getByRole("row").nth(1).textContent()) ?? "", /SELECT orders.*3.*11\.4 s/);
  await hot.getByRole("button", { name: "SELECT orders" }).click();
  await shown(ui, "SELECT orders");
});

test("repeats share a row until they are unfolded, and what failed keeps its own", async () => {
  await using ui = await Ui.open(server, `/traces/${batch.traceId}?v=waterfall`);
  const { page } = ui;
  const grid = page.getByRole("treegrid");
  const rows = (count: number): Promise<unknown> =>
    until(`${count} rows`, async () => (await grid.getAttribute("aria-rowcount")) === `${count}`);
  await rows(BATCH_SPANS);
  await ui.press("x");
  await ui.address(/fold=1/);
  await rows(5);
  const names = await page.getByRole("row").allInnerTexts();
  assert.equal(names.filter((name) => name.includes("×10")).length, 2, names.join("\n"));
  await ui.press("ArrowDown", "ArrowDown", "ArrowRight");
  await rows(14);
  await ui.press("ArrowLeft");
  await rows(5);
  await ui.press("e");
  await shown(ui, "execute_tool lookup");
  assert.match(await ui.activeRow(), /error/);
  await ui.press("n");
  await page.getByRole("textbox", { name: "Find spans" }).fill("lookup");
  await ui.press("Enter", "Enter");
  await until("what is found is unfolded", async () => Number(await grid.getAttribute("aria-rowcount")) > 5);
});

test("a long pause is folded and says how long it was; heat has the value in words", async () => {
  await using ui = await Ui.open(server, `/traces/${batch.traceId}?v=waterfall`);
  const { page } = ui;
  const chat = page.getByRole("row").filter({ hasText: "chat gpt-5.1" });
  const widthOf = async (): Promise<number> =>
    (await chat.locator("[data-running]").first().boundingBox())!.width;
  await chat.waitFor();
  const before = await widthOf();
  await ui.press("z");
  await ui.address(/idle=1/);
  await page.getByRole("button", { name: /Fold idle time 20 s folded/ }).waitFor();
  assert.ok((await widthOf()) > 3 * before, "what is left has the room");
  await ui.press("z");
  await ui.press("h", "h");
  await ui.address(/heat=self/);
  await chat.filter({ hasText: "3 s" }).waitFor();
  await ui.press("h");
  await chat.filter({ hasText: "1.5K tok" }).waitFor();
  await page.getByRole("combobox", { name: "Heat" }).selectOption("");
  await until("no heat", () => !page.url().includes("heat="));
});

test("log records of a trace are filtered, lead to their spans, and are those around a span", async () => {
  await using ui = await Ui.open(server, `/traces/${batch.traceId}?v=waterfall`);
  const { page } = ui;
  await page.getByRole("treegrid").waitFor();
  await ui.press("6");
  const records = page.getByRole("list", { name: "Log records" }).getByRole("listitem");
  await records
    .first()
    .filter({ hasText: /\+0\.100 s.*looked up 0/s })
    .waitFor();
  const box = page.getByRole("combobox", { name: "Search logs" });
  await box.fill("{ severity >= eror }");
  await page.getByRole("button", { name: "Write error" }).click();
  await ui.press("Enter");
  await until("one record", async () => (await records.count()) === 1);
  await records.getByRole("link", { name: /^span/ }).click();
  await shown(ui, "execute_tool lookup");
  assert.equal((await ui.address(/span=/)).searchParams.get("span"), batch.failed);
  await page.getByRole("button", { name: "Around it" }).click();
  await page.getByText(/its own records, those of its trace/).waitFor();
  await records.filter({ hasText: "order 4711" }).waitFor();
  await page.getByRole("button", { name: "Trace", exact: true }).click();
  await box.fill("nothing-like-this");
  await ui.press("Enter");
  await page.getByRole("heading", { name: "No record fits" }).waitFor();
  await page.getByRole("button", { name: "All records of the trace" }).click();
  await page.getByRole("status").filter({ hasText: "40 records" }).waitFor();
});

test("a trace is read and taken away as OTLP/JSON", async () => {
  await using ui = await Ui.open(server, `/traces/${batch.traceId}?v=raw`);
  const { page } = ui;
  const json = page.getByRole("region", { name: "OTLP JSON" });
  await json.getByText("resourceSpans").first().waitFor();
  await page.getByRole("button", { name: "Text", exact: true }).click();
  await json.getByText('"execute_tool lookup"').first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "OTLP JSON", exact: true }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "traces.json");
  const { resourceSpans } = JSON.parse(readFileSync(await download.path(), "utf8")) as TracesData;
  const spans = resourceSpans!.flatMap(({ scopeSpans }) => scopeSpans!.flatMap(({ spans }) => spans!));
  assert.equal(spans.length, BATCH_SPANS);
});

test("J and K go through the list that a trace was opened from, with the view it is looked at in", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  await page
    .getByRole("link", { name: /invoke_agent batch/ })
    .first()
    .click();
  await ui.address(new RegExp(batch.traceId));
  await page.getByText("1 of 2").waitFor();
  await ui.press("2");
  await ui.address(/v=lanes/);
  await ui.press("J");
  await ui.address(new RegExp(`${crew.traceId}.*v=lanes`));
  await page.getByText("2 of 2").waitFor();
  await ui.press("K");
  await ui.address(new RegExp(batch.traceId));
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";
import { refundTrace } from "./data/refund-trace.ts";

const MINUTE_MS = 60_000;
const crew = crewTrace(Date.now() - 2 * MINUTE_MS);
const failing = refundTrace({ startMs: Date.now() - 3 * MINUTE_MS, fails: true });
const HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const hostile = crewTrace(Date.now() - 4 * MINUTE_MS, HOSTILE);

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, crew.traceId, crew.build(), CREW_SPANS);
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  await sendAndSee(server, hostile.traceId, hostile.build(), CREW_SPANS);
});

after(() => server[Symbol.asyncDispose]());

/** The name of the span whose details are shown. */
async function shown(ui: Ui, name: string): Promise<void> {
  await ui.page
    .getByRole("complementary", { name: "Span details" })
    .getByRole("heading", { name, exact: true })
    .waitFor();
}

test("a finding leads through the spans it is about, and the list says all of it in words", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}`);
  const findings = ui.page.getByRole("region", { name: "Findings" });
  const retry = findings.getByRole("button", { name: /^retry/ });
  await retry.click();
  await shown(ui, "execute_tool sql");
  const first = (await ui.address(/span=/)).searchParams.get("span");
  await findings.getByRole("button", { name: /^retry.*1\/3/ }).click();
  await ui.address(new RegExp(`span=(?!${first})`));
  await findings.getByRole("button", { name: /^retry.*2\/3/ }).waitFor();
  await findings.getByRole("button", { name: /^All/ }).click();
  const texts = await findings.getByRole("listitem").allInnerTexts();
  assert.match(texts.join("\n"), /ping-pong\s+planner and critic/);
  await findings.getByRole("button", { name: /^Swallowed by/ }).click();
  await shown(ui, "invoke_agent researcher");
});

test("e walks from where an error began up to where it ended, by keyboard alone", async () => {
  await using ui = await Ui.open(server, `/traces/${failing.traceId}`);
  await ui.page.getByRole("region", { name: "Findings" }).waitFor();
  const path = [/UPDATE accounts/, /invoke_agent ledger-clerk/, /execute_tool refund_fee/];
  for (const step of path) {
    await ui.press("e");
    await until(`${step}`, async () => step.test(await ui.activeRow()));
  }
  await ui.press("E");
  await until("the step before", async () => /ledger-clerk/.test(await ui.activeRow()));
});

test("the critical path is marked on the rows that it goes through, and is in the address", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}`);
  const { page } = ui;
  await page.getByRole("region", { name: "Findings" }).waitFor();
  const onPath = page.getByRole("row").filter({ hasText: "on the critical path" });
  assert.equal(await onPath.count(), 0);
  await ui.press("c");
  await ui.address(/cp=1/);
  await page.getByRole("region", { name: "Critical path" }).getByText("model").waitFor();
  await onPath.filter({ hasText: "SELECT orders" }).first().waitFor();
  await ui.press("c");
  await until("no marks", async () => (await onPath.count()) === 0);
  assert.equal(new URL(page.url()).searchParams.get("cp"), null);
});

test("lanes tell who waited for whom, in words and as a table", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}`);
  const { page } = ui;
  await page.getByRole("treegrid").waitFor();
  await ui.press("2");
  await ui.address(/v=lanes/);
  await page.getByRole("application", { name: "Lanes over time" }).waitFor();
  const between = page.getByRole("region", { name: "Between the lanes" });
  const waits = await between.getByRole("listitem").allInnerTexts();
  assert.match(
    waits[0]!.replaceAll(/\s+/g, " "),
    /orchestrator 38\.4 s = .*17\.5 s waiting for researcher.*\+ 2\.1 s model gpt-5\.1/,
  );
  await between.getByRole("tab", { name: "Who for whom" }).click();
  const row = between.getByRole("row").filter({ hasText: "orchestrator" });
  assert.match((await row.textContent()) ?? "", /38\.4 s.*17\.5 s/);
  await between.getByRole("columnheader", { name: "for researcher" }).waitFor();
  await between.getByRole("tab", { name: /^Calls and hand-offs/ }).click();
  const rows = (await between.getByRole("row").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
  assert.ok(
    rows.some((text) => /orchestrator writer hand-off invoke_agent writer/.test(text)),
    rows.join("\n"),
  );
  assert.ok(
    rows.some((text) => /writer archivist message .* 2\.2 s/.test(text)),
    rows.join("\n"),
  );
  await page.goBack();
  await page.getByRole("treegrid").waitFor();
});

test("lanes are walked by keyboard; the span is the same in every view, and in the address", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}?v=lanes`);
  const { page } = ui;
  await page.locator("[role=application]:focus").waitFor();
  await ui.press("ArrowRight", "ArrowRight");
  await shown(ui, "chat gpt-5.1");
  await page
    .getByRole("status")
    .filter({ hasText: /^orchestrator: chat gpt-5\.1, 2\.1 s/ })
    .waitFor();
  await ui.press("ArrowDown");
  await page
    .getByRole("status")
    .filter({ hasText: /^researcher: / })
    .waitFor();
  await ui.press(".");
  await page
    .getByRole("status")
    .filter({ hasText: /^researcher: invoke_agent researcher/ })
    .waitFor();
  await shown(ui, "invoke_agent researcher");
  await ui.press("Enter");
  await page.locator("aside:focus").waitFor();
  await ui.press("Escape");
  await page.locator("[role=application]:focus").waitFor();
  const link = (await ui.address(/span=/)).href;
  await ui.press("1");
  await page.locator("[role=treegrid]:focus").waitFor();
  await until("its row", async () => /invoke_agent researcher/.test(await ui.activeRow()));
  await ui.go(link);
  await shown(ui, "invoke_agent researcher");
});

test("a click on a bar selects its span, a drag zooms to a stretch, a lane can be closed", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}?v=lanes`, { width: 1440, height: 1000 });
  const { page } = ui;
  const stage = page.getByRole("application", { name: "Lanes over time" });
  await page.getByRole("button", { name: "critic", exact: true }).first().waitFor();
  const box = (await stage.boundingBox())!;
  // The first bar of the first lane is as long as the orchestrator's run.
  await page.mouse.click(box.x + box.width / 2, box.y + 14);
  await shown(ui, "invoke_agent orchestrator");
  const ring = stage.locator("span[class*=ring]");
  await ring.waitFor();
  const narrower = (await stage.boundingBox())!;
  const bar = (await ring.boundingBox())!;
  assert.ok(bar.x <= narrower.x + 1 && bar.width > narrower.width * 0.9, JSON.stringify({ bar, narrower }));
  await page.mouse.move(narrower.x + narrower.width * 0.25, narrower.y + 30);
  await page.mouse.down();
  await page.mouse.move(narrower.x + narrower.width * 0.6, narrower.y + 40, { steps: 4 });
  await page.mouse.up();
  const [from, to] = (await ui.address(/zoom=/)).searchParams.get("zoom")!.split("-").map(Number);
  assert.ok(from! > 9_000_000 && from! < 11_500_000, `${from}`);
  assert.ok(to! > 23_000_000 && to! < 26_000_000, `${to}`);
  await ui.press("0");
  await until("the whole again", () => new URL(page.url()).searchParams.get("zoom") === null);
  const lane = page.getByRole("button", { name: "researcher: close the lane" });
  await lane.click();
  await page.getByRole("button", { name: "researcher: open the lane" }).waitFor();
  await ui.press("[");
  await page.getByRole("button", { name: "critic: open the lane" }).waitFor();
  await ui.press("]");
  await lane.waitFor();
});

test("the graph has agents as nodes, and leads to their spans", async () => {
  await using ui = await Ui.open(server, `/traces/${crew.traceId}?v=graph`);
  const { page } = ui;
  const graph = page.getByRole("group", { name: "Agents and calls" });
  await graph.getByRole("button", { name: /^archivist/ }).waitFor();
  const nodes = await graph.getByRole("button").allInnerTexts();
  assert.deepEqual(
    nodes.map((text) => text.split("\n")[0]),
    ["orchestrator", "researcher", "planner", "critic", "writer", "archivist"],
  );
  await graph.getByText("×4").first().waitFor();
  await graph.getByText("hand-off").waitFor();
  await graph.getByRole("button", { name: /^writer/ }).click();
  await shown(ui, "invoke_agent writer");
});

test("names that are markup stay text in every view", async () => {
  await using ui = await Ui.open(server, `/traces/${hostile.traceId}`);
  const { page } = ui;
  for (const view of ["1", "2", "3", "5", "6", "7"]) {
    await ui.press(view);
    await page.getByRole("heading", { name: HOSTILE, exact: true }).first().waitFor();
    await page.getByRole("region", { name: "Findings" }).waitFor();
    assert.equal(await page.locator("main img").count(), 0);
  }
});

test("lanes grow while the trace runs", async () => {
  const running = refundTrace({ startMs: Date.now() - 3000 });
  const [root, ...others] = running.build().resourceSpans!;
  const open = structuredClone(root!);
  const [span] = open.scopeSpans![0]!.spans!;
  delete span!.endTimeUnixNano;
  span!.attributes!.push({ key: "clew.running", value: { boolValue: true } });
  await sendAndSee(server, running.traceId, { resourceSpans: [open] }, 1);
  await using ui = await Ui.open(server, `/traces/${running.traceId}?v=lanes`);
  const { page } = ui;
  await page.getByRole("button", { name: "storefront: close the lane" }).waitFor();
  await page.getByText("following").waitFor();
  await sendAndSee(server, running.traceId, { resourceSpans: others }, 12);
  await page.getByRole("button", { name: "writer: close the lane" }).waitFor();
});

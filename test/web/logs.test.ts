import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee, sendLogs } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { type SaidLog, saidLogs } from "./data/said-logs.ts";
import { TraceBuilder } from "./data/span-builder.ts";

const nowMs = Date.now();
const trace = new TraceBuilder(nowMs - 600_000, { "session.id": "s-refund" });
const root = trace.add({ name: "invoke_agent", service: "planner", at: 0, took: 9000 });
const failing = trace.add({
  name: "charge card",
  service: "billing",
  at: 2000,
  took: 3000,
  parent: root,
  error: "declined",
});
const HOSTILE = [
  `<img src=x onerror="document.title='ran'">`,
  `"><script>document.title='ran'</script>`,
  "javascript:document.title='ran'",
  "\u202Egnp.exe\nline two",
] as const;
/** More than two pages. */
const TICKS = 430;

function tick(at: number): SaidLog {
  return {
    service: "ticker",
    atMs: nowMs - 1_200_000 - at * 1000,
    severityNumber: at % 40 === 0 ? 13 : 9,
    body: `tick ${at}`,
    attributes: { "tick.number": at },
  };
}

let server: ServerProcess;
let empty: ServerProcess;

before(async () => {
  [server, empty] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  await sendAndSee(server, trace.traceId, trace.build(), 2);
  const of = { traceId: trace.traceId, atMs: trace.startMs + 4000 };
  await sendLogs(
    server,
    saidLogs([
      {
        ...{ ...of, service: "billing", spanId: failing, severityNumber: 17, severityText: "ERROR" },
        body: '{"message":"the late fee was declined","code":51}',
        attributes: { "card.kind": "debit" },
      },
      { ...of, service: "planner", spanId: root, severityNumber: 9, body: "asking billing" },
      { service: "billing", atMs: trace.startMs + 5000, severityNumber: 5, body: "of no trace" },
      ...HOSTILE.map((text, at) => ({
        service: text,
        atMs: nowMs - 700_000 - at,
        body: text,
        eventName: text,
        severityNumber: 21,
        severityText: text,
        attributes: { [text]: text },
      })),
      ...Array.from({ length: TICKS }, (_, at) => tick(at)),
    ]),
  );
  await until("all records", async () => (await server.api.logs({ limit: 1000 })).items.length === TICKS + 7);
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

const lines = (ui: Ui) => ui.page.locator("[data-log]");
const foot = (ui: Ui) => ui.page.locator("main footer");

async function listed(ui: Ui, count: number): Promise<void> {
  await ui.page.getByRole("listitem").first().waitFor();
  await until(
    `${count} records`,
    async () => (await foot(ui).textContent())?.startsWith(`${count} record`) === true,
  );
}

test("by keyboard alone: the record of a failing span is found, read, and leads to the span", async () => {
  await using ui = await Ui.open(server, "/traces");
  await ui.page.locator("tbody tr").first().waitFor();
  await ui.page.getByRole("link", { name: "Logs", exact: true }).click();
  await lines(ui).first().waitFor();
  await ui.press("/");
  await ui.page.keyboard.type('{ severity >= error && body =~ ".*late fee.*" }');
  await ui.press("Enter");
  await listed(ui, 1);
  assert.match((await lines(ui).first().textContent()) ?? "", /^Error.*billing.*late fee was declined/);
  await ui.press("Escape", "j", "Enter");
  const record = ui.page.getByRole("listitem");
  await record.getByText("debit").waitFor();
  await record.getByText("Resource").click();
  await record.getByText("box-7").waitFor();
  assert.match((await record.getByLabel("Body").textContent()) ?? "", /code.*51/);
  await ui.address(/log=/);
  await ui.page.getByRole("link", { name: /^span / }).click();
  await ui.address(new RegExp(`/traces/${trace.traceId}\\?span=${failing}`));
  await ui.page.getByRole("treegrid").waitFor();
  assert.match(await ui.activeRow(), /charge card/);
});

test("what is wrong with a filter is underlined, and what was meant is a press away", async () => {
  await using ui = await Ui.open(server, "/logs");
  const box = ui.page.getByRole("combobox", { name: "Search logs" });
  await box.click();
  await ui.page.keyboard.type("{ sev");
  await ui.page.getByRole("option", { name: /^severity / }).waitFor();
  await box.fill("{ severty = warn }");
  await ui.press("Enter");
  assert.equal(await ui.page.locator("mark").textContent(), "severty");
  await ui.page.getByRole("button", { name: "Write severity" }).click();
  await ui.press("Enter");
  await listed(ui, Math.ceil(TICKS / 40));
});

test("older records come as the list is scrolled, and narrow by words, severity and time", async () => {
  await using ui = await Ui.open(server, "/logs?service=ticker");
  await listed(ui, 200);
  await lines(ui).first().focus();
  await ui.press("End", "End");
  await until("all of them", async () => {
    await ui.press("End");
    return /^430 records, .*all there are/.test((await foot(ui).textContent()) ?? "");
  });
  assert.ok((await lines(ui).count()) < 100, "only what is in view is in the document");
  await ui.page.getByRole("button", { name: "Warn +" }).click();
  await listed(ui, Math.ceil(TICKS / 40));
  await ui.page.getByRole("combobox", { name: "Search logs" }).fill('service:ticker "tick 120"');
  await ui.press("Enter");
  await listed(ui, 1);
  await ui.page.getByRole("combobox", { name: "Made" }).selectOption("now-15m");
  await ui.page.getByRole("heading", { name: "No record in this time" }).waitFor();
  await ui.page.getByRole("link", { name: "Look at all of the time" }).click();
  await listed(ui, 1);
});

test("new records come by themselves, and wait while somebody reads further down", async () => {
  await using ui = await Ui.open(server, "/logs?service=ticker&service=late");
  await listed(ui, 200);
  await sendLogs(server, saidLogs([{ service: "late", atMs: Date.now(), body: "a new one" }]));
  await ui.page.getByText("a new one").waitFor();
  await ui.page.getByRole("list", { name: "Log records" }).hover();
  await ui.page.mouse.wheel(0, 1200);
  await sendLogs(server, saidLogs([{ service: "late", atMs: Date.now(), body: "another one" }]));
  const waiting = ui.page.getByRole("button", { name: "1 new" });
  await waiting.waitFor();
  assert.equal(await ui.page.getByText("another one").count(), 0);
  await waiting.click();
  await ui.page.getByText("another one").waitFor();
});

test("around a span are its records, those of its trace and those of its service", async () => {
  await using ui = await Ui.open(server, `/logs?trace=${trace.traceId}&around=${failing}`);
  await listed(ui, 3);
  assert.deepEqual(
    (await lines(ui).allTextContents())
      .map((text) => /asking billing|of no trace|late fee/.exec(text)?.[0])
      .sort(),
    ["asking billing", "late fee", "of no trace"],
  );
  await ui.page.getByText("same instance").waitFor();
  await ui.page.getByRole("combobox", { name: "Before and after" }).selectOption("1s");
  await ui.address(/margin=1s/);
});

const FOREIGN = `[...document.querySelectorAll("#root script, #root iframe, #root style, #root object, #root [onerror], #root [onload]")].map((element) => element.outerHTML)`;
const LINKS = `[...document.querySelectorAll("#root a[href]")].map((link) => link.href).filter((href) => !href.startsWith(location.origin + "/") && !href.startsWith(location.origin + "#"))`;

test("whatever a record holds is shown as text and does nothing", async () => {
  await using ui = await Ui.open(server, "/logs?level=error&text=e");
  await listed(ui, 5);
  for (const text of HOSTILE) {
    const line = lines(ui)
      .filter({ hasText: text.split("\n")[0]! })
      .first();
    await line.click();
    const record = ui.page.getByRole("listitem").filter({ has: ui.page.locator("[aria-expanded=true]") });
    await record.locator("dt", { hasText: text.split("\n")[0]! }).waitFor();
    assert.ok((await record.getByLabel("Body").textContent())?.includes(text));
    await line.click();
  }
  for (const found of [FOREIGN, LINKS]) assert.deepEqual(await ui.page.evaluate(found), []);
  assert.doesNotMatch(await ui.page.title(), /^ran/);
});

const SIZES: readonly UiOptions[] = [{ theme: "light" }, { theme: "dark", width: 360 }];

for (const options of SIZES) {
  test(`every state is accessible, ${options.theme}, ${options.width ?? 1280} px`, async () => {
    await using ui = await Ui.open(server, "/logs?live=off", options);
    await listed(ui, 200);
    await lines(ui).filter({ hasText: "asking billing" }).click();
    await ui.page.getByText("Records of this trace").waitFor();
    await assertAccessible(ui, "an open record");
    await ui.go(`/logs?trace=${trace.traceId}&around=${failing}`);
    await listed(ui, 3);
    await assertAccessible(ui, "around a span");
    await ui.go("/logs?q=%7B+severty+%7D");
    await ui.page.getByRole("heading", { name: "This filter cannot be read" }).waitFor();
    await assertAccessible(ui, "a fault");
    await ui.go("/logs?text=nothing-like-it");
    await ui.page.getByRole("heading", { name: "No record fits" }).waitFor();
    await assertAccessible(ui, "nothing");
  });
}

test("a store without records says how they come", async () => {
  await using ui = await Ui.open(empty, "/logs");
  await ui.page.getByRole("heading", { name: "No logs yet" }).waitFor();
  await assertAccessible(ui, "no logs");
});

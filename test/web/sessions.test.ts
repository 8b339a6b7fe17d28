import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { send, sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { sessionTraces } from "./data/session-traces.ts";
import { TraceBuilder } from "./data/span-builder.ts";

const nowMs = Date.now();
const SESSION = "s-refund";
const TASK = "task/8831?half=1#x";
const [good, failing, linked] = sessionTraces(nowMs, {
  "session.id": SESSION,
  "task.id": TASK,
  "user.id": "ana",
});
/** More than a page of the list. */
const SHORT_ONES = 60;
const MANY = 1001;

let server: ServerProcess;
let empty: ServerProcess;

/** A trace of one span. */
function short(startMs: number, ids: Readonly<Record<string, string>>, name = "ping"): TraceBuilder {
  const trace = new TraceBuilder(startMs, ids);
  trace.add({ name, service: "load", at: 0, took: 20 });
  return trace;
}

before(async () => {
  [server, empty] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  await sendAndSee(server, good.traceId, good.build(), 12);
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  await sendAndSee(server, linked.traceId, linked.build(), 1);
  const days = (count: number): number => nowMs - count * 86_400_000;
  const others = [
    ...Array.from({ length: SHORT_ONES }, (_, at) =>
      short(days(2) - at * 60_000, { "session.id": `load-${at}`, "user.id": "robot" }),
    ),
    ...Array.from({ length: MANY }, (_, at) =>
      short(days(3) + at * 30_000, { "session.id": "s-many" }, `turn ${at}`),
    ),
    short(days(1), { "session.id": "ana@shop.example" }),
  ];
  await send(server, { resourceSpans: others.flatMap((trace) => trace.build().resourceSpans ?? []) });
  await until("all sessions", async () => {
    const { items } = await server.api.sessions({ limit: 100 });
    return items.length === SHORT_ONES + 3 && items.some(({ traceCount }) => traceCount === MANY);
  });
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

const names = (ui: Ui): Promise<string[]> => ui.page.locator("tbody a[data-row]").allTextContents();

async function listed(ui: Ui, first: string, count: number): Promise<void> {
  await until(`${count} rows from ${first}`, async () => {
    const found = await names(ui);
    return found.length === count && found[0] === first;
  });
}

test("a list without an entry says how an id is given", async () => {
  for (const kind of ["session", "task"] as const) {
    await using ui = await Ui.open(empty, `/${kind}s`);
    await ui.page.getByRole("heading", { name: `No ${kind}s yet` }).waitFor();
    await ui.page.getByText(`baggage: ${kind}.id=4711`, { exact: true }).waitFor();
    await ui.page.getByText(`CLEW_${kind.toUpperCase()}_ID=4711`, { exact: true }).waitFor();
  }
});

test("sessions are listed newest activity first, page by page", async () => {
  await using ui = await Ui.open(server, "/sessions");
  await listed(ui, SESSION, 50);
  const row = (await ui.page.locator("tbody tr").first().textContent()) ?? "";
  const { items } = await server.api.sessions({ id: SESSION });
  assert.match(row, /ledger-clerk, orchestrator, researcher, writer/);
  assert.match(row, /ana2 traces/);
  assert.match(row, new RegExp(`${items[0]?.errorCount} errors`));
  await ui.page.getByRole("link", { name: "Older sessions" }).click();
  await listed(ui, "load-48", 13);
  assert.equal((await names(ui)).at(-1), "s-many");
  await ui.page.getByRole("link", { name: "Newest" }).click();
  await listed(ui, SESSION, 50);
  await ui.page.goBack();
  await listed(ui, "load-48", 13);
});

test("sessions are found by a part of the id and by when they were active", async () => {
  await using ui = await Ui.open(server, "/sessions");
  await listed(ui, SESSION, 50);
  await ui.press("/");
  await ui.page.keyboard.type("LOAD-5");
  await listed(ui, "load-5", 11);
  assert.equal((await ui.address(/id=/)).search, "?id=LOAD-5");
  await ui.page.getByRole("button", { name: "Clear" }).click();
  await listed(ui, SESSION, 50);
  await ui.page.getByRole("combobox", { name: "Last active" }).selectOption("now-24h");
  await until("those of a day", async () => (await names(ui)).length <= 2);
  assert.equal((await ui.address(/from/)).search, "?from=now-24h");
  await ui.go("/sessions?id=nothing+like+it");
  await ui.page.getByRole("heading", { name: "No session fits" }).waitFor();
  await ui.page.getByRole("button", { name: "Show all sessions" }).click();
  await listed(ui, SESSION, 50);
});

test("by keyboard alone: from anywhere to the sessions, into one, into its failing trace, and back", async () => {
  await using ui = await Ui.open(server, "/traces");
  await ui.page.locator("tbody tr").first().waitFor();
  await ui.press("g", "k");
  await ui.address(/\/tasks$/);
  await listed(ui, TASK, 1);
  await ui.press("g", "s");
  await ui.address(/\/sessions$/);
  await listed(ui, SESSION, 50);
  await ui.press("j", "j", "k", "Enter");
  await ui.address(/\/sessions\/s-refund$/);
  await listed(ui, "POST /refunds", 3);
  await ui.press("j", "j", "Enter");
  await ui.address(new RegExp(`/traces/${failing.traceId}`));
  await ui.page.getByRole("treegrid").waitFor();
  await ui.press("Escape");
  await ui.address(/\/sessions\/s-refund$/);
  await ui.page.getByRole("heading", { name: `Session ${SESSION}` }).waitFor();
  await ui.press("Escape");
  await ui.address(/\/sessions$/);
});

for (const kind of ["session", "task"] as const) {
  test(`a ${kind} tells its sums, its traces in time, and what was asked and answered`, async () => {
    const id = kind === "session" ? SESSION : TASK;
    await using ui = await Ui.open(server, `/${kind}s/${encodeURIComponent(id)}`);
    const { page } = ui;
    await page.getByRole("heading", { name: `${kind === "session" ? "Session" : "Task"} ${id}` }).waitFor();
    const group = await (kind === "session" ? server.api.session(id) : server.api.task(id));
    const fact = (name: string): Promise<string | null> =>
      page
        .locator("dl > div")
        .filter({ has: page.locator("dt").getByText(name, { exact: true }) })
        .locator("dd")
        .textContent();
    assert.equal(await fact("Traces"), "3 1 with an error");
    assert.equal(await fact("Errors"), String(group.errorCount));
    assert.equal(await fact("Model calls"), String(group.llmCalls));
    assert.equal(await fact("User"), "ana");

    const rows = page.locator("tbody tr").filter({ has: page.locator("a[data-row]") });
    assert.equal(await rows.count(), 3);
    const [first, second, third] = await rows.allTextContents();
    assert.match(first ?? "", /Asked My parcel came a week late.*Answered Good news: the late fee/);
    assert.match(
      second ?? "",
      /^Error.*Asked And the second parcel\?.*…Answered .*Failed ledger LockTimeout/,
    );
    assert.match(third ?? "", /audit of refunds\s*linked/);
    assert.doesNotMatch(`${first}${second}`, /linked/);
    await page.getByText("59m 51s later").waitFor();

    const bars = page.locator("figure a");
    assert.deepEqual(
      await bars.evaluateAll((links) => links.map((link) => link.getAttribute("data-status"))),
      ["unset", "error", "unset"],
    );
    const lefts = await bars.evaluateAll((links) => links.map((link) => link.getBoundingClientRect().left));
    assert.deepEqual(
      lefts,
      lefts.toSorted((a, b) => a - b),
    );
    await rows.nth(1).hover();
    await page.locator("figure a[data-pointed=true][data-status=error]").waitFor();
    await bars.nth(1).click();
    await ui.address(new RegExp(`/traces/${failing.traceId}`));
    await page.goBack();
    await ui.address(new RegExp(`/${kind}s/`));
  });
}

test("what was said in a session is read in one piece, and each trace has all of it", async () => {
  await using ui = await Ui.open(server, `/sessions/${SESSION}`);
  const { page } = ui;
  await page.getByRole("tab", { name: "Traces" }).focus();
  await ui.press("ArrowRight");
  await ui.address(/v=conversation/);
  const turns = page.getByRole("list", { name: "Conversation, oldest first" });
  await turns.getByText("My parcel came a week late and I was charged").waitFor();
  await turns.getByText(/^And the second parcel\?/).waitFor();
  await turns.getByText("gave up after 3 attempts").waitFor();
  const researcher = turns.getByRole("button", { name: "researcher: open" }).first();
  await researcher.click();
  await turns.getByText("Late fees are refunded when the parcel arrived").first().waitFor();
  await ui.press("k");
  await until("the focus at a trace", () =>
    page.evaluate(`document.activeElement?.matches("a[data-row]") === true`),
  );
  await ui.press("Enter");
  await ui.address(/\/traces\/.*v=transcript/);
  await page.getByRole("feed", { name: "Transcript" }).getByText("My parcel came").first().waitFor();
});

test("an id in the list of traces and in a trace leads to its session or task", async () => {
  await using ui = await Ui.open(server, `/traces?session=${SESSION}&status=error`);
  const { page } = ui;
  await page
    .locator("tbody")
    .getByRole("link", { name: `session ${SESSION}` })
    .click();
  await page.getByRole("heading", { name: `Session ${SESSION}` }).waitFor();
  await ui.go(`/traces/${good.traceId}`);
  await page
    .locator("header")
    .getByRole("link", { name: `task ${TASK}` })
    .click();
  await page.getByRole("heading", { name: `Task ${TASK}` }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/tasks/${encodeURIComponent(TASK)}`);
});

test("an id with a dot opens fresh", async () => {
  await using ui = await Ui.open(server, "/sessions?id=shop.ex");
  await listed(ui, "ana@shop.example", 1);
  await ui.press("j", "Enter");
  await ui.page.getByRole("heading", { name: "Session ana@shop.example" }).waitFor();
  await ui.page.reload();
  await ui.page.getByRole("heading", { name: "Session ana@shop.example" }).waitFor();
});

test("a session of more traces than one answer carries says so", async () => {
  await using ui = await Ui.open(server, "/sessions/s-many");
  await ui.page.getByText("1,001 traces belong to it; the newest 1,000 are shown.").waitFor();
  await ui.page.getByText("What was asked and answered is told of the newest 100 traces").waitFor();
  const shown = await names(ui);
  assert.deepEqual([shown.length, shown[0], shown.at(-1)], [1000, "turn 1", "turn 1000"]);
  assert.equal(await ui.page.locator("figure a").count(), 1000);
});

test("an id that nothing carries is told, with ways on", async () => {
  await using ui = await Ui.open(server, "/tasks/8831", { allowed: /404/ });
  await ui.page.getByRole("heading", { name: "No task has this id" }).waitFor();
  await ui.page.getByRole("link", { name: "Tasks whose id contains it" }).click();
  await listed(ui, TASK, 1);
});

test("what fails can be tried again", async () => {
  await using ui = await Ui.open(server, `/sessions?id=${SESSION}`, { allowed: /400/ });
  const { page } = ui;
  await listed(ui, SESSION, 1);
  const body = JSON.stringify({ error: { code: "invalid_parameter", message: "Something is wrong" } });
  await page.route("**/api/v1/sessions/*", (route) => route.fulfill({ status: 400, body }));
  await ui.press("j", "Enter");
  await page.getByRole("alert").getByText("Something is wrong").waitFor();
  await page.unroute("**/api/v1/sessions/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: `Session ${SESSION}` }).waitFor();
  await page.getByRole("alert").waitFor({ state: "detached" });
});

test("a session that goes on is followed", async () => {
  const turn = (name: string): Promise<void> => {
    const trace = short(Date.now(), { "session.id": "s-live" }, name);
    return sendAndSee(server, trace.traceId, trace.build(), 1);
  };
  await turn("one");
  await using ui = await Ui.open(server, "/sessions/s-live");
  await listed(ui, "one", 1);
  await turn("two");
  await listed(ui, "one", 2);
  assert.deepEqual(await names(ui), ["one", "two"]);
});

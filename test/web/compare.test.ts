import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeLargeTrace, traceIdOf } from "../../bench/agent-traces.ts";
import { RawHttp } from "../harness/otlp-http.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";
import { refundTrace } from "./data/refund-trace.ts";
import { said } from "./data/session-traces.ts";
import { TraceBuilder } from "./data/span-builder.ts";

const MINUTE_MS = 60_000;
const SPANS = 50_000;
const MORE = 600;
/** Elements in the document, whatever the size of the traces. */
const MOST_ELEMENTS = 1500;
const shared = { "test.case.id": "late-fee" };
const nowMs = Date.now();
const good = refundTrace({
  startMs: nowMs - 5 * MINUTE_MS,
  shared,
  question: "My parcel came a week late. Can I have the fee back?",
});
const bad = refundTrace({
  startMs: nowMs - 4 * MINUTE_MS,
  shared,
  fails: true,
  question: "My parcel came two weeks late. Can I have the fee back?",
});
const crew = crewTrace(nowMs - 9 * MINUTE_MS);
/** What does something where it is taken for more than text. */
const HOSTILE = [
  `<img src=x onerror="document.title='ran'">`,
  `"><script>document.title='ran'</script>\n\u202Egnp.exe`,
] as const;
const hostile = HOSTILE.map((text, at) => {
  const trace = new TraceBuilder(nowMs - (7 - at) * MINUTE_MS, { "session.id": text, "test.case.id": text });
  trace.add({
    ...{ name: text, service: text, at: 0, took: 1000 + 9000 * at, error: text },
    attributes: {
      ...said(text, text),
      "gen_ai.agent.name": text,
      "gen_ai.request.model": text,
      [text]: text,
    },
  });
  return trace;
});
const [large, larger] = [traceIdOf(0), traceIdOf(1)];

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, crew.traceId, crew.build(), CREW_SPANS);
  for (const trace of hostile) await sendAndSee(server, trace.traceId, trace.build(), 1);
  await sendAndSee(server, good.traceId, good.build(), 12);
  await sendAndSee(server, bad.traceId, bad.build(), 16);
  const http = new RawHttp(server.ports.http, 2);
  for (const body of makeLargeTrace(SPANS, 2000, 8)) {
    assert.equal((await http.send("traces", body)).status, 200);
  }
  for (const body of makeLargeTrace(SPANS + MORE, 2000, 8)) {
    assert.equal((await http.send("traces", asTrace(body, larger))).status, 200);
  }
  http.close();
  await until("all spans", async () => (await server.api.trace(larger)).n === SPANS + MORE);
});

after(() => server[Symbol.asyncDispose]());

/** The same spans under another trace id. */
function asTrace(body: Buffer, id: string): Buffer {
  const [from, to] = [large, id].map((trace) => Buffer.from(`0a10${trace}`, "hex")) as [Buffer, Buffer];
  for (let at = body.indexOf(from); at >= 0; at = body.indexOf(from, at + from.length)) to.copy(body, at);
  return body;
}

const pathOf = (a: string, b: string): string => `/compare?a=${a}&b=${b}`;
const panelOf = (ui: Ui) => ui.page.getByRole("complementary", { name: "Both spans" });

async function active(ui: Ui, text: RegExp): Promise<void> {
  await until(`the row ${text}`, async () => text.test(await ui.activeRow()));
}

test("by keyboard alone: mark two traces, see where they parted, what was said, swap them, and back", async () => {
  await using ui = await Ui.open(server, "/traces?testCase=late-fee");
  const { page } = ui;
  await page.locator("tbody a[data-row]").nth(1).waitFor();
  await ui.press("j", "j", "x", "k", "x", "c");
  const at = await ui.address(/\/compare/);
  assert.deepEqual([at.searchParams.get("a"), at.searchParams.get("b")], [good.traceId, bad.traceId]);
  await page.getByText(/^B took 22 s longer \(\+234%\), has 11 errors where A has none/).waitFor();
  const first = page.getByRole("button", { name: /^First divergence/ });
  assert.match(
    (await first.textContent()) ?? "",
    /UPDATE accounts of ledger: failed with LockTimeout in B, went well in A/,
  );
  await active(ui, /POST \/refunds/);
  await ui.press("d");
  await active(ui, /changed.*UPDATE accounts/);
  await panelOf(ui).getByRole("heading", { name: "UPDATE accounts" }).waitFor();
  await ui.press("n");
  await active(ui, /only in A.*invoke_agent writer/);
  await ui.press("n", "N", "N");
  await active(ui, /UPDATE accounts/);
  // The run of what is alike is opened, and its first line has what was said.
  await ui.press("Home", "ArrowDown", "ArrowDown");
  await active(ui, /5 spans alike/);
  await ui.press("Enter", "ArrowDown", "ArrowUp");
  await active(ui, /chat gpt-5-mini/);
  const words = (tag: "del" | "ins"): Promise<string[]> => panelOf(ui).locator(tag).allTextContents();
  await until("the words that differ", async () => (await words("ins")).length > 0);
  assert.deepEqual(
    [await words("del"), await words("ins")],
    [
      ["a", "week"],
      ["two", "weeks"],
    ],
  );
  await ui.press("Enter");
  const focused = "document.activeElement?.getAttribute('aria-label')";
  await until("the panel to have the focus", async () => (await page.evaluate(focused)) === "Both spans");
  await ui.press("Escape", "x");
  await ui.address(new RegExp(`a=${bad.traceId}&b=${good.traceId}.*span=a\\.`));
  await page.getByText(/^B took 22 s less/).waitFor();
  await ui.press("2");
  await page.getByRole("group", { name: "Agents and calls of both traces" }).waitFor();
  await page.getByRole("button", { name: /only in B: writer/ }).waitFor();
  await ui.press("3");
  await page.getByRole("heading", { name: "Where the time went" }).waitFor();
  await ui.press("1", "Escape", "Escape");
  await ui.address(/\/traces\?testCase=late-fee$/);
});

test("a trace that is not there is named, and another is chosen in its place", async () => {
  await using ui = await Ui.open(server, pathOf("ffff", bad.traceId.slice(0, 12)), { allowed: /404/ });
  const { page } = ui;
  const sideA = page.getByRole("region", { name: "Trace A" });
  await sideA.getByRole("heading", { name: "Trace A is not there: ffff" }).waitFor();
  await page.getByRole("region", { name: "Trace B" }).getByRole("link", { name: "POST /refunds" }).waitFor();
  await sideA.getByRole("textbox", { name: "Trace A" }).fill("POST /refunds");
  await ui.press("Enter");
  await sideA.getByText("That is no id of a trace", { exact: false }).waitFor();
  await sideA.getByRole("button", { name: /POST \/refunds.*same test case/ }).click();
  await page.getByRole("treegrid").waitFor();
  await ui.address(new RegExp(`a=${good.traceId}&b=${bad.traceId}`));
  await ui.press("c");
  await page.getByRole("textbox", { name: "Trace A" }).fill(`${server.url}/traces/${crew.traceId}`);
  await ui.press("Enter");
  await ui.address(new RegExp(`a=${crew.traceId}&b=${bad.traceId}`));
  await page.getByRole("link", { name: "invoke_agent orchestrator" }).waitFor();
});

test("the newest traces of a test case that passed and failed are compared, and what lacks is told", async () => {
  await using ui = await Ui.open(server, "/traces?testCase=late-fee");
  await ui.page.getByRole("link", { name: "Newest that failed with newest that passed" }).click();
  await ui.address(new RegExp(`a=${good.traceId}&b=${bad.traceId}`));
  await ui.page.getByRole("treegrid").waitFor();
  await ui.go(`/compare?testCase=${encodeURIComponent(HOSTILE[0])}`);
  await ui.page.getByText("All of its traces have errors", { exact: false }).waitFor();
  await ui.go(`/traces/${bad.traceId}`);
  await ui.page.getByTitle("Compare with another trace").click();
  await ui.address(new RegExp(`/compare\\?b=${bad.traceId}$`));
});

const FOREIGN = `[...document.querySelectorAll("#root script, #root iframe, #root style, #root [onerror], #root img:not([src$='/icon.svg'])")].map((element) => element.outerHTML)`;

test("whatever names, attributes and prompts hold is shown as text, and does nothing", async () => {
  await using ui = await Ui.open(server, pathOf(hostile[0]!.traceId, hostile[1]!.traceId));
  const { page } = ui;
  await page.getByRole("treegrid").waitFor();
  await ui.press("ArrowDown", "d");
  const assertInert = async (): Promise<void> => {
    assert.deepEqual(await page.evaluate(FOREIGN), []);
    assert.doesNotMatch(await page.title(), /^ran/);
  };
  for (const name of [/^Messages/, /^Attributes/, /^Resource/]) {
    await panelOf(ui).getByRole("tab", { name }).click();
    assert.match((await panelOf(ui).textContent()) ?? "", /onerror="document\.title='ran'"/);
    await assertInert();
  }
  for (const view of ["Graph", "Time and figures"]) {
    await page.getByRole("button", { name: view, exact: true }).click();
    await assertInert();
  }
});

test("two traces of 50,000 spans are compared with only the rows in view in the document", async (t) => {
  await using ui = await Ui.open(server, pathOf(large, larger));
  const { page } = ui;
  const grid = page.getByRole("treegrid");
  await grid.waitFor();
  const rows = async (): Promise<number> => Number(await grid.getAttribute("aria-rowcount"));
  const elements = (): Promise<number> => page.evaluate("document.querySelectorAll('*').length");
  t.diagnostic(`${await rows()} rows, ${await elements()} elements`);
  assert.ok((await rows()) > 1000);
  await ui.press("]");
  await until("all rows", async () => (await rows()) >= SPANS + MORE);
  await ui.press("End");
  await until("the last row", async () => {
    const last = await page
      .locator(`[role=row][aria-rowindex="${await rows()}"]`)
      .getAttribute("data-active");
    return last === "true";
  });
  assert.ok((await elements()) < MOST_ELEMENTS, `${await elements()} elements`);
  await ui.press("[", "d");
  await panelOf(ui).getByRole("tab").first().waitFor();
  assert.ok((await elements()) < MOST_ELEMENTS, `${await elements()} elements`);
  await ui.press("3");
  await page.getByRole("heading", { name: "Where the time went" }).waitFor();
});

const VIEWS: readonly {
  readonly name: string;
  readonly path: string;
  readonly reach: (ui: Ui) => Promise<unknown>;
  readonly allowed?: RegExp;
}[] = [
  {
    name: "nothing chosen",
    path: "/compare",
    reach: (ui) =>
      ui.page
        .getByRole("list", { name: /^Traces to compare/ })
        .last()
        .waitFor(),
  },
  {
    name: "one is missing",
    path: pathOf("ffff", bad.traceId),
    reach: (ui) => ui.page.getByRole("alert").waitFor(),
    allowed: /404/,
  },
  {
    name: "aligned, at a pair",
    path: pathOf(good.traceId, bad.traceId),
    reach: async (ui) => {
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("]", "d");
      await panelOf(ui).getByRole("tab").first().waitFor();
    },
  },
  {
    name: "what was said",
    path: pathOf(good.traceId, bad.traceId),
    reach: async (ui) => {
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("]", "ArrowDown", "ArrowDown");
      await panelOf(ui).locator("ins").first().waitFor();
    },
  },
  {
    name: "choosing another",
    path: pathOf(good.traceId, bad.traceId),
    reach: async (ui) => {
      await ui.page.getByRole("treegrid").waitFor();
      await ui.press("c");
      await ui.page.getByRole("textbox", { name: "Trace A" }).waitFor();
    },
  },
  {
    name: "graph",
    path: `${pathOf(crew.traceId, bad.traceId)}&v=graph`,
    reach: (ui) =>
      ui.page
        .getByRole("button", { name: /orchestrator/ })
        .first()
        .waitFor(),
  },
  {
    name: "graph as a table",
    path: `${pathOf(crew.traceId, bad.traceId)}&v=graph`,
    reach: (ui) => ui.page.getByRole("button", { name: "Show as table" }).click(),
  },
  {
    name: "time and figures",
    path: `${pathOf(crew.traceId, bad.traceId)}&v=stats`,
    reach: (ui) => ui.page.getByRole("heading", { name: "Models" }).waitFor(),
  },
  {
    name: "marked in the list",
    path: "/traces?testCase=late-fee",
    reach: async (ui) => {
      await ui.page.locator("tbody a[data-row]").first().waitFor();
      await ui.press("j", "x", "j", "x");
      await ui.page.getByRole("button", { name: "Compare", exact: true }).waitFor();
    },
  },
];

const SCREENS: readonly (UiOptions & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "360 px", theme: "light", width: 360, height: 740 },
];

for (const { name: screen, ...options } of SCREENS) {
  test(`axe finds nothing on any view of a comparison: ${screen}`, async (t) => {
    for (const { name, path, reach, allowed } of VIEWS) {
      await t.test(name, async () => {
        await using ui = await Ui.open(server, path, { ...options, ...(allowed && { allowed }) });
        await reach(ui);
        await assertAccessible(ui, name);
      });
    }
  });
}

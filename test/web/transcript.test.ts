import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { chatSpans, chatTrace } from "./data/chat-trace.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";
import { refundTrace } from "./data/refund-trace.ts";

const CALLS = 4;
const MANY_CALLS = 150;
const MINUTE_MS = 60_000;
const chat = chatTrace({ startMs: Date.now() - 2 * MINUTE_MS, calls: CALLS });
const long = chatTrace({ startMs: Date.now() - 20 * MINUTE_MS, calls: MANY_CALLS });
const refund = refundTrace({ startMs: Date.now() - 3 * MINUTE_MS, fails: true });
const silent = crewTrace(Date.now() - 4 * MINUTE_MS);

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, chat.traceId, chat.build(), chatSpans(CALLS));
  await sendAndSee(server, refund.traceId, refund.build(), 16);
  await sendAndSee(server, silent.traceId, silent.build(), CREW_SPANS);
  await sendAndSee(server, long.traceId, long.build(), chatSpans(MANY_CALLS));
});

after(() => server[Symbol.asyncDispose]());

/** The label of the row that the keyboard is at. */
const focused = (ui: Ui): Promise<string> =>
  ui.page.evaluate(`document.activeElement?.getAttribute("aria-label") ?? ""`);

async function atRow(ui: Ui, label: RegExp): Promise<void> {
  await until(`${label} to have the focus`, async () => label.test(await focused(ui)));
}

test("the conversation of one agent is what its trace opens with, and is read by keyboard alone", async () => {
  await using ui = await Ui.open(server, `/traces/${chat.traceId}`);
  const { page } = ui;
  const feed = page.getByRole("feed", { name: "Transcript" });
  await feed.getByText("Which fees did I pay?").waitFor();
  await atRow(ui, /^bookkeeper begins/);
  const labels: string[] = [];
  for (let at = 0; at < 5; at++) {
    await ui.press("j");
    await until("the next row", async () => (await focused(ui)) !== labels.at(-1));
    labels.push(await focused(ui));
  }
  // Each message once, although the model is told all of them at each call.
  assert.deepEqual(labels, [
    "System prompt of bookkeeper",
    "User",
    "bookkeeper answers",
    "bookkeeper calls read_page",
    "bookkeeper answers",
  ]);
  await ui.press("k");
  await atRow(ui, /calls read_page/);
  assert.equal(await feed.getByText("Result", { exact: true }).count(), 0);
  await ui.press("ArrowRight");
  await feed.getByText("Result", { exact: true }).waitFor();
  await ui.press("ArrowLeft", "End");
  await atRow(ui, /^bookkeeper answers/);
  await feed.getByRole("table").waitFor();
  const link = feed.getByRole("link", { name: "the policy" });
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
  await feed.getByText("(policy.example)").waitFor();
  await ui.press("m");
  await feed.getByText("## What I found").waitFor();
  assert.equal(await feed.getByRole("table").count(), 0);

  await ui.press("Enter");
  const details = page.getByRole("complementary", { name: "Span details" });
  await details.getByRole("heading", { name: "chat gpt-5-mini" }).waitFor();
  await ui.address(/span=/);
  await ui.press("Escape");
  await atRow(ui, /^bookkeeper answers/);

  await ui.press("/");
  await page.keyboard.type("entry 14");
  await page.getByText("1 match").waitFor();
  await ui.press("Enter");
  await until("the match to be in sight", () =>
    page.evaluate(`CSS.highlights.get("transcript-found-here")?.size === 1`),
  );
  await ui.press("Escape");
  await atRow(ui, /calls read_page/);

  await ui.press("1");
  await page.getByRole("treegrid", { name: "Spans" }).waitFor();
  await ui.address(/v=waterfall/);
  await ui.press("4");
  await feed.getByText("Which fees did I pay?").waitFor();
});

test("agents are nested below who called them; closed they say what went in and came out", async () => {
  await using ui = await Ui.open(server, `/traces/${refund.traceId}?v=transcript`);
  const { page } = ui;
  const feed = page.getByRole("feed");
  const researcher = feed.getByRole("article", { name: "researcher begins" });
  await researcher.waitFor();
  assert.equal(await researcher.getByText("In", { exact: true }).count(), 0);
  const asked = feed.getByText("Is order 8831 entitled to a refund of the late fee?");
  await asked.waitFor();
  // Whom the caller asks it is not asked by a person.
  await feed.getByRole("article", { name: "orchestrator", exact: true }).first().waitFor();
  await researcher.getByRole("button", { name: "researcher: close" }).click();
  await researcher.getByText(/^Is order 8831 entitled/).waitFor();
  await researcher.getByText("Out", { exact: true }).waitFor();
  assert.equal(await feed.getByRole("article", { name: "orchestrator", exact: true }).count(), 0);
  // What failed is told where it failed, and a finding leads there.
  await feed.getByText("ledger did not answer within 8 s").first().waitFor();
  await page
    .getByRole("region", { name: "Findings" })
    .getByRole("button", { name: /^retry/ })
    .click();
  await feed.locator("article[data-selected=true]").getByText("refund_fee").waitFor();
});

test("a trace in which nothing was recorded says how that is switched on", async () => {
  await using ui = await Ui.open(server, `/traces/${silent.traceId}?v=transcript`);
  await ui.page.getByRole("heading", { name: "No messages were recorded in this trace" }).waitFor();
  await ui.page.getByText("query took longer than 3 s").first().waitFor();
});

test("of a long conversation only what is in view is in the document, and all of it is found", async () => {
  await using ui = await Ui.open(server, `/traces/${long.traceId}?find=Looking+at+page`);
  const { page } = ui;
  await until("all of it to be read", () => page.getByText(`${MANY_CALLS - 1} matches`).isVisible());
  const rows = (): Promise<number> => page.locator("[role=feed] article").count();
  assert.ok((await rows()) < 60, `${await rows()} rows`);
  await page.locator("[role=feed]").focus();
  await ui.press("n", "n");
  await until("the second match", () =>
    page.evaluate(`document.activeElement?.textContent.includes("Looking at page 1.") === true`),
  );
  // Walking is reading: nothing is selected.
  assert.equal(new URL(page.url()).searchParams.get("span"), null);
  await ui.press("End");
  await page.getByRole("feed").getByText("What I found").waitFor();
  await atRow(ui, /^bookkeeper answers/);
  assert.ok((await rows()) < 60, `${await rows()} rows`);
  await ui.press("Home");
  await atRow(ui, /^bookkeeper begins/);
});

for (const theme of ["light", "dark"] as const) {
  test(`the transcript is accessible in ${theme}`, async () => {
    await using ui = await Ui.open(server, `/traces/${chat.traceId}?find=fee`, { theme });
    const feed = ui.page.getByRole("feed");
    await feed.getByRole("table").waitFor();
    await feed.getByRole("button", { name: /^System prompt/ }).click();
    await feed
      .getByRole("button", { name: /read_page/ })
      .first()
      .click();
    await assertAccessible(ui, "a conversation");
    await ui.go(`/traces/${refund.traceId}?v=transcript`);
    await feed.getByText("gave up after 3 attempts").waitFor();
    await feed.getByRole("button", { name: "researcher: close" }).click();
    await assertAccessible(ui, "agents and errors");
    await ui.go(`/traces/${silent.traceId}?v=transcript`);
    await ui.page.getByRole("heading", { name: /No messages/ }).waitFor();
    await assertAccessible(ui, "nothing recorded");
  });
}

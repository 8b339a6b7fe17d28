import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";
import { refundTrace } from "./data/refund-trace.ts";
import { TraceBuilder } from "./data/span-builder.ts";

const MINUTE_MS = 60_000;
const HOSTILE = '<img src=x onerror="alert(1)"> "]\\';
const crew = crewTrace(Date.now() - 3 * MINUTE_MS);
const failing = refundTrace({ startMs: Date.now() - 4 * MINUTE_MS, fails: true });
const agent = (name: string) => ({ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name });

let server: ServerProcess;
let empty: ServerProcess;

before(async () => {
  [server, empty] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  await sendAndSee(server, crew.traceId, crew.build(), CREW_SPANS);
  await sendAndSee(server, failing.traceId, failing.build(), 16);
  const hostile = new TraceBuilder(Date.now() - 5 * MINUTE_MS);
  const root = hostile.add({ name: "a", service: HOSTILE, at: 0, took: 9, attributes: agent(HOSTILE) });
  hostile.add({
    name: "b",
    service: "b",
    at: 1,
    took: 5,
    parent: root,
    attributes: agent("quiet\u202egent"),
  });
  await sendAndSee(server, hostile.traceId, hostile.build(), 2);
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

const nodeOf = ({ page }: Ui, name: RegExp) =>
  page.getByRole("group", { name: "Map", exact: true }).getByRole("button", { name });

/** The node that the keyboard is at. */
async function atNode(ui: Ui, key: string): Promise<void> {
  await ui.page.locator(`[data-node="${key}"]:focus`).waitFor();
}

test("the map tells calls, errors, times, tokens and cost, and draws calls, hand-offs and messages each their own way", async () => {
  await using ui = await Ui.open(server, "/traces");
  await ui.page.locator("main h1").first().waitFor();
  await ui.press("g", "m");
  await ui.address(/\/map$/);
  await nodeOf(ui, /^researcher/).waitFor();
  const text = (await nodeOf(ui, /^researcher/).allInnerTexts()).join().replaceAll(/\s+/g, " ");
  assert.match(text, /^researcher \d+ calls? p95 [\d.]+ s [\d.]+K? tok \$[\d.]+$/);
  assert.match((await nodeOf(ui, /^ledger-clerk/).textContent()) ?? "", /\d+% errors/);
  for (const type of ["call", "hand-off", "message"])
    assert.ok((await ui.page.locator(`svg a[data-type="${type}"]`).count()) > 0, type);
  const looks = await ui.page.evaluate<string[]>(
    `["call", "hand-off", "message"].map((type) => getComputedStyle(document.querySelector('svg a[data-type="' + type + '"] path[marker-end]')).strokeDasharray)`,
  );
  assert.equal(new Set(looks).size, 3, looks.join());
  assert.match(
    (await ui.page.locator('svg a[data-type="message"] text').textContent()) ?? "",
    /message ×1.*p95 900 ms, queue 2\.2 s/,
  );
});

test("a click on a node leaves what is near, and leads to its traces; the address opens the same", async () => {
  await using ui = await Ui.open(server, "/map?depth=1");
  await nodeOf(ui, /^writer/).click();
  await ui.address(/focus=agent%3Awriter/);
  const panel = ui.page.getByRole("complementary", { name: "Focus" });
  await panel.getByRole("heading", { name: "writer" }).waitFor();
  await nodeOf(ui, /^researcher/).waitFor({ state: "detached" });
  await using other = await Ui.open(server, new URL(ui.page.url()).pathname + new URL(ui.page.url()).search);
  await nodeOf(other, /^archivist/).waitFor();
  assert.equal(await nodeOf(other, /^researcher/).count(), 0);
  await panel.getByRole("link", { name: "Its traces", exact: true }).click();
  const { searchParams } = await ui.address(/\/traces\?/);
  assert.equal(searchParams.get("agent"), "writer");
  await ui.page
    .getByRole("link", { name: /orchestrator/ })
    .first()
    .waitFor();
  await ui.page.goBack();
  await panel.getByRole("heading", { name: "writer" }).waitFor();
});

test("a click on an edge finds the traces in which one called the other", async () => {
  await using ui = await Ui.open(server, "/map");
  await ui.page.locator('svg a[data-type="hand-off"] text').click();
  const { searchParams } = await ui.address(/\/traces\?q=/);
  assert.equal(searchParams.get("q"), '{ agent:name = "orchestrator" } >> { agent:name = "writer" }');
  await ui.page.locator(`a[href^="/traces/${crew.traceId}"]`).first().waitFor();
});

test("every edge of the table leads to a query that finds a trace, of agents, services, tools and models", async () => {
  for (const scope of ["agents", "services"]) {
    await using ui = await Ui.open(server, `/map?view=table&scope=${scope}&include=tools&include=models`);
    const links = ui.page
      .getByRole("region", { name: "Who calls whom" })
      .getByRole("link", { name: /^Traces of/ });
    await links.first().waitFor();
    const addresses = await Promise.all((await links.all()).map((link) => link.getAttribute("href")));
    assert.ok(addresses.length > 8, `${addresses.length} edges`);
    for (const address of addresses) {
      const q = new URL(address!, server.url).searchParams.get("q")!;
      const { items } = await server.api.search({ q, from: "now-1h" });
      assert.ok(items.length > 0, q);
    }
  }
});

test("the keyboard walks the nodes along their calls, focuses one, and widens again without losing its place", async () => {
  await using ui = await Ui.open(server, "/map");
  await nodeOf(ui, /^orchestrator/).focus();
  await ui.press("ArrowRight");
  await until("a node that it calls", async () => (await ui.page.locator("[data-node]:focus").count()) === 1);
  await nodeOf(ui, /^writer/).focus();
  await ui.press("ArrowRight");
  await atNode(ui, "agent:archivist");
  await ui.press("ArrowLeft");
  await atNode(ui, "agent:writer");
  assert.equal(await ui.page.locator('[data-node][tabindex="0"]').count(), 1);
  await ui.press("Enter");
  await ui.address(/focus=agent%3Awriter/);
  await ui.page.getByRole("complementary", { name: "Focus" }).waitFor();
  await atNode(ui, "agent:writer");
  await ui.press("Escape");
  await ui.address(/\/map$/);
  await nodeOf(ui, /^researcher/).waitFor();
  await atNode(ui, "agent:writer");
  await ui.press("Home", "ArrowLeft");
  assert.notEqual(await ui.page.locator("[data-node]:focus").getAttribute("data-node"), "agent:writer");
});

test("scope, time, depth and what else is a node are in the address, and the back button takes them back", async () => {
  await using ui = await Ui.open(server, "/map");
  const { page } = ui;
  await nodeOf(ui, /^writer/).waitFor();
  await page.getByRole("button", { name: "Services" }).click();
  await ui.address(/scope=services/);
  await nodeOf(ui, /^warehouse/).waitFor();
  await page.getByRole("button", { name: "Tools" }).click();
  await ui.address(/include=tools/);
  await nodeOf(ui, /^sql/).waitFor();
  await page.getByRole("combobox", { name: "Started" }).selectOption({ label: "Last 24 hours" });
  await ui.address(/from=now-24h/);
  await page.goBack();
  await page.goBack();
  await nodeOf(ui, /^sql/).waitFor({ state: "detached" });
  await ui.go("/map?focus=orchestrator");
  await nodeOf(ui, /^archivist/).waitFor();
  await page.getByRole("combobox", { name: "How far from the focus" }).selectOption("1");
  await ui.address(/depth=1/);
  await nodeOf(ui, /^archivist/).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Whole map" }).click();
  await ui.address(/\/map$/);
});

test("names from outside stay text, in nodes, panel, table and title", async () => {
  await using ui = await Ui.open(server, `/map?focus=${encodeURIComponent(`agent:${HOSTILE}`)}`);
  await ui.page
    .getByRole("complementary", { name: "Focus" })
    .getByRole("heading", { name: HOSTILE })
    .waitFor();
  await ui.page.locator(`[data-node]`).first().focus();
  await ui.press("ArrowRight", "ArrowLeft", "Enter");
  assert.equal(await ui.page.locator("main img").count(), 0);
  await ui.page.getByRole("button", { name: "Show as table" }).click();
  await ui.page.getByRole("rowheader", { name: HOSTILE }).first().waitFor();
  assert.equal(await ui.page.locator("main img").count(), 0);
});

test("a focus that is not there is told, with a name much like it", async () => {
  await using ui = await Ui.open(server, "/map?focus=reseacher");
  await ui.page.getByRole("heading", { name: "The focus is not on this map" }).waitFor();
  await ui.page.getByRole("link", { name: "Focus researcher" }).click();
  await ui.page
    .getByRole("complementary", { name: "Focus" })
    .getByRole("heading", { name: "researcher" })
    .waitFor();
});

test("while the map is made its place is shown; a failure is told and can be tried again", async () => {
  await using ui = await Ui.open(server, "/welcome", { allowed: /50\d/ });
  let answers = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  await ui.page.route("**/api/v1/map?*", async (route) => {
    if (++answers === 1) await promise;
    // As often as the page asks by itself.
    if (answers <= 4)
      return route.fulfill({ status: 503, json: { error: { code: "x", message: "The store restarts." } } });
    return route.continue();
  });
  await ui.press("g", "m");
  await ui.page.getByRole("status", { name: "Loading the map" }).waitFor();
  resolve();
  await ui.page.getByRole("alert").waitFor({ timeout: 60_000 });
  await ui.page.getByRole("button", { name: "Try again" }).click();
  await nodeOf(ui, /^writer/).waitFor();
  assert.equal(await ui.page.getByRole("alert").count(), 0);
});

/** Lets the next answer of the server be of a part, and asks for it. */
async function partial({ page }: Ui): Promise<void> {
  await page.locator("[data-node]").first().waitFor();
  await page.route(
    "**/api/v1/map?*",
    async (route) => {
      const answer = await (await route.fetch()).json();
      const fromMs = answer.fromMs + MINUTE_MS;
      await route.fulfill({
        json: {
          ...answer,
          partial: { reason: "time", fromMs },
          tooLarge: 2,
          truncated: { nodes: 900, edges: 4000 },
        },
      });
    },
    { times: 1 },
  );
  await page.getByRole("button", { name: "Models" }).click();
  await page.getByText("This is a part").waitFor();
}

test("a part of the map says what it is a part of, and leads to what was before", async () => {
  await using ui = await Ui.open(server, "/map");
  await partial(ui);
  const note = ui.page.getByRole("status").filter({ hasText: "This is a part" });
  assert.match(
    (await note.textContent()) ?? "",
    /takes longer than a query may.*2 traces of more than 100,000 spans.*of 900 nodes/s,
  );
  await note.getByRole("link", { name: "Show what was before" }).click();
  const to = Number((await ui.address(/to=\d{13}/)).searchParams.get("to"));
  assert.ok(Math.abs(to - (Date.now() - 59 * MINUTE_MS)) < 5 * MINUTE_MS);
});

const VIEWS: readonly {
  readonly name: string;
  readonly query: string;
  readonly isEmpty?: boolean;
  readonly reach: (ui: Ui) => Promise<unknown>;
}[] = [
  {
    name: "map",
    query: "?include=tools&include=models",
    reach: async (ui) => {
      await nodeOf(ui, /^writer/).focus();
      await ui.page.evaluate("scrollTo(0, 0)");
    },
  },
  { name: "focus", query: "?focus=agent:ledger-clerk", reach: (ui) => nodeOf(ui, /^ledger-clerk/).waitFor() },
  {
    name: "table",
    query: "?view=table&scope=services",
    reach: ({ page }) => page.getByRole("region", { name: "Nodes" }).waitFor(),
  },
  { name: "a part", query: "", reach: partial },
  {
    name: "unknown focus",
    query: "?focus=reseacher",
    reach: ({ page }) => page.getByRole("heading", { name: "The focus is not on this map" }).waitFor(),
  },
  {
    name: "empty",
    query: "",
    isEmpty: true,
    reach: async ({ page }) => {
      await page.getByRole("heading", { name: "No trace began in this time" }).waitFor();
      await page.getByRole("link", { name: "Last 24 hours" }).waitFor();
    },
  },
];

const SCREENS: readonly (UiOptions & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "360 px", theme: "light", width: 360, height: 740 },
];

for (const { name: screen, ...options } of SCREENS) {
  test(`axe finds nothing on any view of the map: ${screen}`, async (t) => {
    for (const { name, query, isEmpty, reach } of VIEWS) {
      await t.test(name, async () => {
        await using ui = await Ui.open(isEmpty ? empty : server, `/map${query}`, options);
        await reach(ui);
        await assertAccessible(ui, name);
      });
    }
  });
}

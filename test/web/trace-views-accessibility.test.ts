import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { BATCH_SPANS, batchLogs, batchTrace } from "./data/batch-trace.ts";
import { CREW_SPANS, crewTrace } from "./data/crew-trace.ts";

const crew = crewTrace(Date.now() - 120_000);
const batch = batchTrace(Date.now() - 240_000);
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

/** Every view of a trace, by its query and what leads to the state that is looked at. */
const VIEWS: readonly {
  readonly name: string;
  readonly query: string;
  /** Default the crew. */
  readonly traceId?: string;
  readonly reach: (ui: Ui) => Promise<void>;
}[] = [
  {
    name: "all findings and the critical path in the waterfall",
    query: "?cp=1",
    reach: async ({ page }) => {
      const findings = page.getByRole("region", { name: "Findings" });
      await findings.getByRole("button", { name: /^All/ }).click();
      await findings.getByRole("listitem").first().waitFor();
    },
  },
  ...["waits", "matrix", "edges"].map((between) => ({
    name: `lanes with ${between}`,
    query: `?v=lanes&between=${between}`,
    reach: async (ui: Ui) => {
      await ui.page.getByRole("application", { name: "Lanes over time" }).focus();
      await ui.press("ArrowRight", "ArrowDown");
      const said = ui.page.getByRole("status").filter({ hasText: /^researcher: / });
      await said.waitFor({ state: "attached" });
      // Where the page itself scrolls, buttons may be half below the bar on top.
      await ui.page.evaluate("scrollTo(0, 0)");
    },
  })),
  {
    name: "closed lanes, searched and zoomed",
    query: "?v=lanes&find=chat&zoom=1000000-9000000",
    reach: async (ui: Ui) => {
      await ui.page.getByRole("application", { name: "Lanes over time" }).waitFor();
      await ui.press("[");
      await ui.page.getByRole("button", { name: "critic: open the lane" }).waitFor();
    },
  },
  {
    name: "repeats and idle time folded, with heat",
    traceId: batch.traceId,
    query: "?v=waterfall&fold=1&idle=1&heat=self",
    reach: async ({ page }) => page.getByRole("row").filter({ hasText: "×10" }).first().waitFor(),
  },
  ...["", "&flame=merged&by=tokens"].map((more) => ({
    name: `flame ${more}`,
    query: `?v=flame${more}`,
    reach: async (ui: Ui) => {
      await ui.page.getByRole("application").focus();
      await ui.press("ArrowDown");
      await ui.page.evaluate("scrollTo(0, 0)");
    },
  })),
  ...["", "&logs=%7B+severity+%3E%3D+eror+%7D", "&logs=nothing-like-this"].map((more) => ({
    name: `logs ${more}`,
    traceId: batch.traceId,
    query: `?v=logs${more}`,
    reach: async ({ page }: Ui) =>
      page
        .getByText(more === "" ? "looked up 0" : /cannot be read|No record fits/)
        .first()
        .waitFor(),
  })),
  ...["", "&as=text"].map((more) => ({
    name: `raw ${more}`,
    query: `?v=raw${more}`,
    reach: async ({ page }: Ui) =>
      page.getByRole("region", { name: "OTLP JSON" }).getByText("resourceSpans").first().waitFor(),
  })),
  {
    name: "graph",
    query: "?v=graph",
    reach: async ({ page }) =>
      page
        .getByRole("button", { name: /^archivist/ })
        .first()
        .waitFor(),
  },
];

const SCREENS: readonly (UiOptions & { readonly name: string })[] = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "360 px", theme: "light", width: 360, height: 740 },
];

for (const { name: screen, ...options } of SCREENS) {
  test(`axe finds nothing on any view of a trace: ${screen}`, async (t) => {
    for (const { name, query, traceId = crew.traceId, reach } of VIEWS) {
      await t.test(name, async () => {
        await using ui = await Ui.open(server, `/traces/${traceId}${query}`, options);
        await ui.page.getByRole("region", { name: "Findings" }).waitFor();
        await reach(ui);
        await assertAccessible(ui, name);
      });
    }
  });
}

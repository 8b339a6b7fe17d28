import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { assertAccessible } from "./browser/axe.ts";
import { send, sendMetrics } from "./browser/send.ts";
import { Ui, type UiOptions } from "./browser/ui.ts";
import { attributesOf, nanos, TraceBuilder } from "./data/span-builder.ts";

const MINUTE = 60_000;
/** A whole hour, so that points are of whole minutes. */
const fromMs = Math.floor((Date.now() - 90 * MINUTE) / (60 * MINUTE)) * 60 * MINUTE;
const TIME = `from=${fromMs}&to=${fromMs + 60 * MINUTE}`;
/** When a call of a model was dear. */
const DEAR_MINUTE = 40;

function callOf(minute: number, tokens: number): TraceBuilder {
  const trace = new TraceBuilder(fromMs + minute * MINUTE - 20_000);
  const root = trace.add({ name: "POST /ask", service: "shop", at: 0, took: 4000, kind: 2 });
  trace.add({
    ...{ name: "chat gpt-5", service: "shop", at: 100, took: 3000, kind: 3, parent: root },
    attributes: {
      ...{
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.agent.name": "planner",
      },
      ...{ "gen_ai.request.model": "gpt-5", "gen_ai.response.model": "gpt-5" },
      ...{ "gen_ai.usage.input_tokens": tokens, "gen_ai.usage.output_tokens": 100 },
    },
  });
  return trace;
}

const dear = callOf(DEAR_MINUTE, 900_000);
let server: ServerProcess;
let empty: ServerProcess;

before(async () => {
  [server, empty] = await Promise.all([ServerProcess.start(), ServerProcess.start()]);
  const traces = [dear, ...[5, 15, 25, 35, 45, 55].map((minute) => callOf(minute, 1000))];
  await send(server, { resourceSpans: traces.flatMap((trace) => trace.build().resourceSpans ?? []) });
  await sendMetrics(server, {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf({ "service.name": "shop" }) },
        scopeMetrics: [
          {
            metrics: [
              {
                name: "<b>queue.length</b>",
                unit: "1",
                gauge: {
                  dataPoints: [10, 20, 30].map((minute) => ({
                    timeUnixNano: nanos(fromMs + minute * MINUTE),
                    asInt: String(minute),
                    attributes: attributesOf({ queue: "mail" }),
                  })),
                },
              },
            ],
          },
        ],
      },
    ],
  });
  await until("spans and points", async () => {
    const { items } = await server.api.metricNames({ from: fromMs });
    return items.length === 1 && (await server.api.traces({ limit: 100 })).items.length === traces.length;
  });
});

after(async () => {
  await server[Symbol.asyncDispose]();
  await empty[Symbol.asyncDispose]();
});

const chart = (ui: Ui, name: RegExp) => ui.page.getByRole("region", { name });
const COST = /^Cost per point, by model/;

/** Where a minute of the hour is on a chart. */
async function at(ui: Ui, name: RegExp, minute: number): Promise<readonly [x: number, y: number]> {
  const plot = chart(ui, name).getByTitle("Click for examples, drag to zoom");
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await plot.boundingBox())!;
  return [x + (width * minute) / 60, y + height / 2];
}

test("from a peak in cost to the span that made it", async () => {
  await using ui = await Ui.open(server, `/metrics?by=model&${TIME}`);
  await chart(ui, COST).getByRole("img").waitFor();
  await ui.page.mouse.click(...(await at(ui, COST, DEAR_MINUTE)));
  const examples = chart(ui, COST).getByRole("region", { name: "Examples of Cost" });
  const first = examples.getByRole("listitem").first();
  await first.waitFor();
  assert.match((await first.textContent()) ?? "", new RegExp(`\\$.*trace ${dear.traceId.slice(0, 8)}`));
  await first.getByRole("link").click();
  await ui.address(new RegExp(`/traces/${dear.traceId}\\?span=`));
  await ui.page.getByRole("treegrid").waitFor();
  assert.match(await ui.activeRow(), /chat gpt-5/);
});

test("all charts mark the same moment, zoom together, and lead to their query", async () => {
  await using ui = await Ui.open(server, `/metrics?by=model&${TIME}`);
  const beside = /^Cost per point, by agent/;
  await chart(ui, COST).getByRole("img").waitFor();
  await ui.page.mouse.move(...(await at(ui, COST, 45)));
  const marked = (name: RegExp) => chart(ui, name).getByText(/^\d\d:45:00$|, \d\d:45:00$/);
  await marked(COST).waitFor();
  await marked(beside).waitFor();
  const [fromX, y] = await at(ui, COST, 30);
  const [toX] = await at(ui, COST, 50);
  await ui.page.mouse.move(fromX, y);
  await ui.page.mouse.down();
  await ui.page.mouse.move(toX, y, { steps: 4 });
  await ui.page.mouse.up();
  const { searchParams } = await ui.address(new RegExp(`from=(?!${fromMs})`));
  const zoomed = Number(searchParams.get("from"));
  assert.ok(Math.abs(zoomed - (fromMs + 30 * MINUTE)) < 2 * MINUTE, new Date(zoomed).toISOString());
  await chart(ui, COST).getByRole("button", { name: "TraceQL" }).click();
  await chart(ui, COST).getByText("sum_over_time(agent:cost) by (agent:model)").waitFor();
  await chart(ui, COST).getByRole("link", { name: "Open in search" }).click();
  await ui.address(/\/traces\?q=.*sum_over_time/);
  await ui.page.getByRole("region", { name: "Series" }).waitFor();
});

test("few queries run at once, those of charts that are not in view not at all", async () => {
  await using ui = await Ui.open(server, "/traces", { height: 500 });
  const asked = new Set<string>();
  let running = 0;
  let most = 0;
  ui.page.on("request", (request) => {
    if (!request.url().includes("/api/v1/metrics/query")) return;
    asked.add(request.url());
    most = Math.max(most, ++running);
  });
  const done = (request: { url(): string }): void => {
    if (request.url().includes("/api/v1/metrics/query")) running -= 1;
  };
  ui.page.on("requestfinished", done);
  ui.page.on("requestfailed", done);
  await ui.go(`/metrics?${TIME}`);
  await chart(ui, /^Requests by service/).waitFor();
  await until("the charts in view", () => asked.size >= 4 && running === 0);
  const atFirst = asked.size;
  assert.ok(atFirst < 12, `${atFirst} were asked for`);
  await ui.page.getByRole("heading", { name: "Sent by programs" }).scrollIntoViewIfNeeded();
  await until("those below", () => asked.size > atFirst && running === 0);
  assert.ok(most <= 2, `${most} at once`);
});

test("what programs sent is charted, by what its points carry", async () => {
  await using ui = await Ui.open(server, `/metrics?${TIME}`);
  await ui.page.getByRole("textbox", { name: "Find a metric by part of its name" }).fill("QUEUE");
  await ui.press("Enter");
  await ui.address(/metric=QUEUE/);
  const queue = chart(ui, /^<b>queue\.length<\/b> gauge/);
  await queue.getByRole("img").waitFor();
  await queue.getByRole("combobox").selectOption("attr.queue");
  await queue.getByTitle("Hide mail").waitFor();
  await queue.getByRole("button", { name: "Table" }).click();
  assert.equal(await queue.getByRole("cell", { name: "30", exact: true }).count(), 1);
});

test("a filter narrows all charts; what is no filter is refused", async () => {
  await using ui = await Ui.open(
    server,
    `/metrics?by=model&${TIME}&q=${encodeURIComponent('{ agent:name = "planner" }')}`,
  );
  await chart(ui, COST).getByRole("button", { name: "TraceQL" }).click();
  await chart(ui, COST).getByText('(agent:name = "planner")').waitFor();
  const box = ui.page.getByRole("combobox", { name: "Filter spans" });
  await box.fill("agent:nobody");
  await ui.press("Enter");
  await ui.address(/agent=nobody/);
  await chart(ui, COST).getByText("No such spans in this time.").waitFor();
  await ui.page.getByRole("link", { name: "Remove Agent nobody" }).click();
  await chart(ui, COST).getByRole("img").waitFor();
  await box.fill("{ } | rate()");
  await ui.press("Enter");
  await ui.page.getByRole("heading", { name: "This filter cannot be charted" }).waitFor();
});

const SIZES: readonly UiOptions[] = [{ theme: "light" }, { theme: "dark", width: 360 }];

for (const options of SIZES) {
  test(`every state is accessible, ${options.theme}, ${options.width ?? 1280} px`, async () => {
    await using ui = await Ui.open(server, `/metrics?by=model&${TIME}`, options);
    await chart(ui, COST).scrollIntoViewIfNeeded();
    await chart(ui, COST).getByRole("img").waitFor();
    await chart(ui, COST).getByRole("button", { name: "Table" }).click();
    await chart(ui, COST).getByRole("button", { name: "TraceQL" }).click();
    await ui.page.mouse.click(...(await at(ui, COST, DEAR_MINUTE)));
    await chart(ui, COST).getByRole("listitem").nth(1).waitFor();
    await ui.page.evaluate("scrollTo(0, 0)");
    await assertAccessible(ui, "charts, examples, table and query");
    await ui.page.getByRole("heading", { name: "Sent by programs" }).scrollIntoViewIfNeeded();
    await chart(ui, /queue\.length/)
      .getByRole("img")
      .waitFor();
    await ui.page.evaluate("scrollTo(0, 0)");
    await assertAccessible(ui, "metrics that were sent");
  });
}

test("without spans charts say so", async () => {
  await using ui = await Ui.open(empty, "/metrics");
  await chart(ui, /^Requests by service/)
    .getByText("No such spans in this time.")
    .waitFor();
  await ui.page.getByRole("heading", { name: "Sent by programs" }).scrollIntoViewIfNeeded();
  await ui.page.getByText("No program sent gauges").waitFor();
});

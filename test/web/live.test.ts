import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { send } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

const fresh = (testCase = "any") =>
  refundTrace({ startMs: Date.now() - 10_000, shared: { "test.case.id": testCase } });

test("traces come by themselves, hold still while somebody is at them, and go on", async () => {
  await using ui = await Ui.open(server, "/live");
  const { page } = ui;
  await page.getByRole("heading", { name: "Waiting for traces" }).waitFor();
  await page.getByText("Following").waitFor();
  const rows = page.getByRole("list", { name: "Traces as they come" }).getByRole("listitem");
  await send(server, fresh().build());
  await until("its row", async () => (await rows.count()) === 1);
  await rows.first().hover();
  await page.getByText("Holding still while you are here").waitFor();
  const [second, third] = [fresh(), fresh()];
  await send(server, second.build());
  await send(server, third.build());
  const news = page.getByRole("button", { name: "2 new" });
  await news.waitFor();
  assert.equal(await rows.count(), 1);
  await news.click();
  await until("all rows", async () => (await rows.count()) === 3);
  await page.getByRole("heading", { name: "Live" }).hover();
  await page.getByText("Following").waitFor();
  await ui.press("j", "Enter");
  await ui.address(new RegExp(`/traces/(${second.traceId}|${third.traceId})`));
});

test("only what fits comes, and each condition can be taken away", async () => {
  await using ui = await Ui.open(server, "/live");
  const { page } = ui;
  await page.getByText("Following").waitFor();
  await ui.press("/");
  await page.keyboard.type("test-case:wanted");
  await ui.press("Enter");
  await page.getByRole("heading", { name: "Nothing fits yet" }).waitFor();
  await page.getByText("Following").waitFor();
  await send(server, fresh("other").build());
  const wanted = fresh("wanted");
  await send(server, wanted.build());
  const links = page.getByRole("list", { name: "Traces as they come" }).getByRole("link");
  await until("its row", async () => (await links.count()) === 1);
  assert.equal(await links.first().getAttribute("href"), `/traces/${wanted.traceId}`);
  await page.getByRole("link", { name: "Remove Test case wanted" }).click();
  await until("the others", async () => (await links.count()) > 1);
});

test("a server that went away is told of, and what came meanwhile is there once when it is back", async () => {
  const first = await ServerProcess.start();
  const { dataDir, ports } = first;
  await using ui = await Ui.open(first, "/live", { allowed: /Failed to load resource|ERR_|503/ });
  const { page } = ui;
  await page.getByText("Following").waitFor();
  const links = page.getByRole("list", { name: "Traces as they come" }).getByRole("link");
  await send(first, fresh().build());
  await until("its row", async () => (await links.count()) === 1);
  await first.killAll();
  await page.getByText("The server does not answer.").waitFor();
  await using again = await ServerProcess.start({ dataDir, ports });
  const meanwhile = fresh();
  await send(again, meanwhile.build());
  await until("both rows", async () => (await links.count()) === 2);
  await page.getByText("The server does not answer.").waitFor({ state: "detached" });
  await page.getByText("Following").waitFor();
  await send(again, fresh().build());
  await until("all rows", async () => (await links.count()) === 3);
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  assert.equal(new Set(hrefs).size, 3);
});

test("where no stream gets through, the page asks again and again", async () => {
  await using ui = await Ui.open(server, "/traces?testCase=none", {
    allowed: /Failed to load resource|ERR_/,
  });
  const { page } = ui;
  await page.route("**/api/v1/traces/stream*", (route) => route.abort());
  await page.getByRole("link", { name: "Live", exact: true }).click();
  await page.getByText("Connection lost, asking every 2 s").waitFor();
  const late = fresh("polled");
  await send(server, late.build());
  await page.locator(`[data-trace="${late.traceId}"]`).waitFor();
});

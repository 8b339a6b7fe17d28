import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:http2";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { ServerProcess } from "../harness/server-process.ts";
import { until } from "../harness/until.ts";
import { sendAndSee } from "./browser/send.ts";
import { Ui } from "./browser/ui.ts";
import { refundTrace } from "./data/refund-trace.ts";

const SPANS = 12;
const FIRST_RUN_MS = 60_000;

const trace = refundTrace({
  startMs: Date.now() - 60_000,
  shared: { "session.id": "s 9/ü", "test.case.id": "late-fee" },
});

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
  await sendAndSee(server, trace.traceId, trace.build(), SPANS);
});

after(() => server[Symbol.asyncDispose]());

/** As an exporter for gRPC does that has the wrong port. */
async function sendGrpc(url: string): Promise<void> {
  const session = connect(url);
  const request = session.request({
    ":method": "POST",
    ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "content-type": "application/grpc",
  });
  request.end();
  await once(request, "response");
  session.close();
}

test("from an empty folder to the first trace, by the command that the page shows, takes less than a minute", async () => {
  const startedMs = performance.now();
  await using empty = await ServerProcess.start();
  await using ui = await Ui.open(empty, "/welcome");
  const { page } = ui;
  await page.getByRole("tab", { name: "curl" }).click();
  const command = (await page.locator("pre").first().textContent()) ?? "";
  assert.match(command, new RegExp(`^curl .*:${empty.ports.http}/v1/traces`));
  await promisify(execFile)("sh", ["-c", command]);
  await ui.address(/\/traces\/[0-9a-f]{32}/);
  await page.getByRole("treegrid", { name: "Spans" }).waitFor();
  assert.match(await ui.activeRow(), /invoke_agent hello/);
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < FIRST_RUN_MS, `${tookMs} ms`);
});

test("what is sent wrongly is told with what to change, counted above, and no news once it was seen", async () => {
  await using ui = await Ui.open(server, "/map");
  const { page } = ui;
  const http = `http://127.0.0.1:${server.ports.http}`;
  const post = (url: string, type: string): Promise<unknown> =>
    fetch(url, { method: "POST", headers: { "content-type": type }, body: "spans" }).catch(() => undefined);
  await post(`${http}/traces`, "application/json");
  await post(`${http}/v1/traces`, "text/plain");
  await sendGrpc(http);
  await post(`http://127.0.0.1:${server.ports.grpc}/v1/traces`, "application/json");
  await page.getByRole("link", { name: /^4 refused/ }).click();
  const log = page.getByRole("region", { name: "Requests received" });
  await log.getByText("The path is /v1/traces").waitFor();
  await log.getByText("Use application/x-protobuf or application/json").waitFor();
  await log.getByText(new RegExp(`Send OTLP/gRPC to port ${server.ports.grpc}`)).waitFor();
  await log.getByText(new RegExp(`Send OTLP/HTTP to port ${server.ports.http}`)).waitFor();
  await page.getByRole("link", { name: /refused/ }).waitFor({ state: "detached" });
});

test("the demo runs at the push of a button and leads to its trace that failed", async () => {
  await using empty = await ServerProcess.start();
  await using ui = await Ui.open(empty, "/");
  const { page } = ui;
  await page.getByRole("button", { name: "Load demo" }).click();
  await until("its trace", () => /\/traces\/[0-9a-f]{32}/.test(page.url()), { timeoutMs: 120_000 });
  await page.getByRole("treegrid", { name: "Spans" }).waitFor();
  const { items } = await empty.api.traces();
  assert.equal(items.find(({ traceId }) => page.url().includes(traceId))?.status, "error");
});

test("any id leads to what it is of, by keyboard alone", async () => {
  const { id } = await server.api.trace(trace.traceId);
  await using ui = await Ui.open(server, "/map");
  const { page } = ui;
  const ask = async (text: string): Promise<void> => {
    await ui.press("Control+k");
    await page.locator("dialog[open]").getByRole("combobox").waitFor();
    await page.keyboard.insertText(text);
    await ui.press("Enter");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  };
  await ask(id[5]!);
  await ui.address(new RegExp(`/traces/${trace.traceId}\\?span=${id[5]}`));
  await ask("s 9/ü".slice(0, 3));
  await ui.address(/\/traces\?text=s\+9/);
  await ask(`00-${trace.traceId}-${id[2]}-01`);
  await ui.address(new RegExp(`span=${id[2]}`));
  await ask(trace.traceId.slice(0, 9).toUpperCase());
  await ui.address(new RegExp(`/traces/${trace.traceId}$`));
  await ui.go("/map");
  await ask(trace.traceId);
  await ui.address(new RegExp(`/traces/${trace.traceId}$`));
  await ask("late-fee");
  await ui.address(/\/traces\?testCase=late-fee$/);
  await ask(`http://another.host:4319/sessions/${encodeURIComponent("s 9/ü")}?x=1`);
  await ui.address(/\/sessions\/s%209%2F%C3%BC\?x=1$/);
  await ask("{ status = error }");
  await ui.address(/\/traces\?q=/);
});

test("commands are found by their words, and what was looked at last comes first", async () => {
  await using ui = await Ui.open(server, `/traces/${trace.traceId}`);
  const { page } = ui;
  await page.getByRole("treegrid").waitFor();
  await ui.press(">");
  const box = page.locator("dialog[open]").getByRole("combobox");
  await box.waitFor();
  await page.keyboard.type("dark th");
  await ui.press("Enter");
  await page.locator("html[data-theme=dark]").waitFor();
  await ui.press("Control+k");
  const first = page.getByRole("listbox").getByRole("option").first();
  assert.match((await first.textContent()) ?? "", new RegExp(`${trace.traceId}Trace`));
  await page.keyboard.type("nothing has this id");
  await ui.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await ui.go("/map");
  await page.getByRole("heading", { name: "Map" }).waitFor();
  await ui.press("/");
  await box.waitFor();
});

test("single-letter keys that are off are off on every page, and others are not", async () => {
  await using ui = await Ui.open(server, "/settings");
  const { page } = ui;
  await page.getByRole("group", { name: "Single-letter keys" }).getByRole("radio", { name: "Off" }).check();
  await ui.go(`/traces/${trace.traceId}`);
  await page.getByRole("treegrid").waitFor();
  await ui.press("2", "?", "b", "g", "s");
  await ui.press("Control+k");
  await page.getByRole("dialog", { name: "Jump, search or command" }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/traces/${trace.traceId}`);
  assert.equal(new URL(page.url()).search, "");
  await page.keyboard.type(">letter keys on");
  await ui.press("Enter");
  await ui.press("g", "s");
  await ui.address(/\/sessions$/);
});

test("settings tell what the server runs with and what a model costs, and times can be in UTC", async () => {
  await using ui = await Ui.open(server, "/settings");
  const { page } = ui;
  const configuration = page.getByRole("region", { name: "Configuration" });
  await configuration.getByText(server.dataDir).waitFor();
  await page.getByLabel("Find").fill("gpt-5-mini");
  await page.getByRole("row").filter({ hasText: "holds for this name" }).getByText("gpt-5").first().waitFor();
  await page.getByRole("group", { name: "Times" }).getByRole("radio", { name: "UTC" }).check();
  await ui.go("/traces");
  const time = page.locator("tbody time").first();
  await time.waitFor();
  const at = new Date((await time.getAttribute("datetime")) ?? "");
  assert.match((await time.textContent()) ?? "", new RegExp(`${at.toISOString().slice(11, 19)}$`));
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { spansOf } from "./harness/example.ts";
import { processTree } from "./harness/process-tree.ts";
import { runClew } from "./harness/run-clew.ts";
import { freePorts, ServerProcess, temporaryFolder } from "./harness/server-process.ts";
import { assertTenSpans, SPANS, SPANS_WHEN_FAILING } from "./harness/ten-spans.ts";
import { until } from "./harness/until.ts";

/** Node alone: what `python3` is here does not matter. */
const env = { PYTHON: "", LANG: "C.UTF-8" };

let server: ServerProcess;

before(async () => {
  server = await ServerProcess.start();
});

after(() => server[Symbol.asyncDispose]());

test("clew demo runs the agents twice, once failing, and says how to look at both traces", async () => {
  const { code, stdout, stderr } = await runClew(["demo", "--url", server.url], { env });
  assert.deepEqual([code, stderr], [0, ""]);
  const ids = [...stdout.matchAll(/^([✓✗]) \S+ ([0-9a-f]{32}) POST \/chat/gm)];
  assert.deepEqual(
    ids.map(([, mark]) => mark),
    ["✓", "✗"],
    stdout,
  );
  assert.match(stdout, /^ {2}chatbot: Order 1001 .* arrives tomorrow\.$/m);
  assert.match(stdout, /^ {2}chatbot: Sorry, something went wrong\./m);
  for (const [, , id = ""] of ids) {
    assert.ok(stdout.includes(`clew -- trace ${id.slice(0, 8)}\n`), stdout);
    assert.ok(stdout.includes(`  ${server.url}/traces/${id}\n`), stdout);
    assertTenSpans(await spansOf(server, id));
    const shown = await runClew(["trace", id.slice(0, 8), "--url", server.url]);
    assert.equal(shown.code, 0, shown.stderr);
    assert.ok(shown.stdout.includes(id));
  }
  const session = /traces --session (\S+)$/m.exec(stdout)?.[1] ?? "";
  const { items } = await server.api.traces({ session });
  assert.deepEqual(
    items.map(({ spanCount }) => spanCount),
    [SPANS_WHEN_FAILING, SPANS],
  );
});

test("without a server it starts one, and keeps what it stored", async () => {
  const ports = await freePorts();
  const dataDir = temporaryFolder("clew-demo-");
  const own = {
    ...env,
    CLEW_DATA_DIR: dataDir,
    CLEW_API_PORT: `${ports.api}`,
    CLEW_HTTP_PORT: `${ports.http}`,
    CLEW_GRPC_PORT: `${ports.grpc}`,
  };
  const { code, stdout, stderr } = await runClew(["demo", "--json"], { env: own });
  assert.deepEqual([code, stderr], [0, ""]);
  const said = JSON.parse(stdout) as { started: boolean; session: string; traces: TraceItem[] };
  assert.equal(said.started, true);
  assert.deepEqual(
    said.traces.map(({ status, spanCount, error }) => [status, spanCount, error?.service]),
    [
      ["unset", SPANS, undefined],
      ["error", SPANS_WHEN_FAILING, "inventory"],
    ],
  );
  await using next = await ServerProcess.start({ dataDir });
  const { items } = await next.api.traces({ session: said.session });
  assert.equal(items.length, 2);
});

test("the server that it started runs until Ctrl-C", async () => {
  const ports = await freePorts();
  const own = {
    ...env,
    CLEW_DATA_DIR: temporaryFolder("clew-demo-"),
    CLEW_API_PORT: `${ports.api}`,
    CLEW_HTTP_PORT: `${ports.http}`,
    CLEW_GRPC_PORT: `${ports.grpc}`,
  };
  let shown = 0;
  const seen = async (output: () => string): Promise<void> => {
    await until("the end of the demonstration", () => output().includes("until Ctrl-C"));
    const id = /trace ([0-9a-f]{8})$/m.exec(output())?.[1] ?? "";
    shown = (await fetch(`http://127.0.0.1:${ports.api}/api/v1/traces/${id}`)).status;
  };
  const { code, stderr } = await runClew(["demo"], {
    env: own,
    until: (output) => seen(output).catch(() => {}),
  });
  assert.deepEqual([code, stderr, shown], [0, "", 200]);
});

test("a server that was named has to answer, and unknown options are bad usage", async () => {
  const nobody = await runClew(["demo", "--url", "http://127.0.0.1:1"], { env });
  assert.deepEqual([nobody.code, nobody.stdout], [1, ""]);
  assert.match(nobody.stderr, /No Clew server answers at http:\/\/127\.0\.0\.1:1/);
  assert.equal((await runClew(["demo", "--fast"], { env })).code, 2);
});

test("Ctrl-C ends the agents too", async () => {
  let agents: number[] = [];
  const started = async (output: () => string): Promise<void> => {
    await until("a customer to ask", () => output().includes("ana:"));
    agents = processTree(process.pid)
      .filter(({ command }) => command.includes("examples/customer-support/"))
      .map(({ pid }) => pid);
  };
  const args = ["demo", "--url", server.url];
  const { code, stdout, stderr } = await runClew(args, { env, until: started });
  assert.deepEqual([code, stderr], [130, ""], stdout);
  assert.ok(agents.length >= 7, `${agents.length} processes`);
  assert.deepEqual(
    agents.filter((pid) => processTree(pid).length > 0),
    [],
  );
});

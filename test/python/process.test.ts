import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { type PythonOptions, runPython as runWith } from "../harness/python-agent.ts";
import { pythonVersions } from "../harness/python-versions.ts";

/** Makes one span by a request that nobody answers. */
const REQUEST = `
import requests
try:
    requests.get("http://127.0.0.1:1/")
except requests.ConnectionError:
    pass
`;

for (const { version, skip, setup } of await pythonVersions()) {
  const runPython = (options: PythonOptions) => runWith({ ...(setup && { setup }), ...options });

  describe(`Python ${version}`, () => {
    test("a program that uses nothing of ours runs as it would, and loads nothing", { skip }, async () => {
      const source = `
import logging, sys
logging.basicConfig(format="%(message)s", stream=sys.stdout)
logging.warning("said")
print([name for name in sys.modules if name.startswith("opentelemetry")], sys.argv)
raise SystemExit(3)
`;
      const run = await runPython({ files: { "agent.py": source }, args: ["agent.py", "word"] });
      assert.deepEqual([run.code, run.stderr], [3, ""]);
      assert.equal(run.stdout, "said\n[] ['agent.py', 'word']\n");
      assert.deepEqual(
        run.logs.map(({ body, severityText }) => [body, severityText]),
        [["said", "WARN"]],
      );
    });

    test("the sitecustomize that ours shadows is loaded, and its errors are its own", { skip }, async () => {
      const files = {
        "agent.py": `import sitecustomize\nprint(sitecustomize.WORD)${REQUEST}`,
        "site/sitecustomize.py": "WORD = 'theirs'",
      };
      const run = await runPython({ files, env: { PYTHONPATH: "site" } });
      assert.deepEqual([run.code, run.stdout, run.stderr], [0, "theirs\n", ""]);
      assert.equal(run.spans.length, 1);
      const broken = await runPython({
        files: { "agent.py": REQUEST, "site/sitecustomize.py": "raise ValueError('theirs')" },
        env: { PYTHONPATH: "site" },
      });
      assert.equal(broken.code, 0);
      assert.match(broken.stderr, /Error in sitecustomize.*\nValueError: theirs\n$/s);
      assert.equal(broken.spans.length, 1);
    });

    test("helpers of Python load nothing", { skip }, async () => {
      const helper =
        "from multiprocessing.resource_tracker import main; import sys; print('clew_tracing.start' in sys.modules)";
      const run = await runPython({ files: {}, args: ["-c", helper] });
      assert.equal(run.stdout, "False\n");
    });

    test("OTEL_SDK_DISABLED and CLEW_DISABLED_LIBRARIES are obeyed", { skip }, async () => {
      for (const env of [{ OTEL_SDK_DISABLED: "true" }, { CLEW_DISABLED_LIBRARIES: "requests, urllib3" }]) {
        const run = await runPython({ files: { "agent.py": REQUEST }, env: env as Record<string, string> });
        assert.deepEqual([run.code, run.stderr, run.spans.length], [0, "", 0]);
      }
    });

    test("work of a process continues the trace of who started it, with its ids", { skip }, async () => {
      const run = await runPython({
        files: { "agent.py": `import logging\nlogging.getLogger("a").error("x")${REQUEST}` },
        env: {
          TRACEPARENT: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
          BAGGAGE: "test.case.id=c%201,other=2",
          CLEW_SESSION_ID: "s1",
        },
      });
      const [span] = run.spans;
      assert.deepEqual([span?.traceId, span?.parentSpanId], ["a".repeat(32), "b".repeat(16)]);
      for (const record of [span, run.logs[0]]) {
        assert.equal(record?.attributes["session.id"], "s1");
        assert.equal(record?.attributes["test.case.id"], "c 1");
        assert.equal(record?.attributes["test.case.name"], "c 1");
        assert.equal(record?.attributes.other, undefined);
      }
      assert.equal(run.logs[0]?.traceId, "a".repeat(32));
    });

    test("a process is called as its own provider is, unless its environment names it", {
      skip,
    }, async () => {
      const source = `
import logging
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
${REQUEST}
trace.set_tracer_provider(TracerProvider(resource=Resource.create({"service.name": "planner"})))
trace.get_tracer("own").start_span("plan").end()
logging.getLogger("a").error("said")
`;
      for (const [name, expected] of [
        ["", "planner"],
        ["given", "given"],
      ] as const) {
        const run = await runPython({ files: { "agent.py": source }, env: { OTEL_SERVICE_NAME: name } });
        const { service } = run.spans.find(({ name }) => name === "GET")!;
        assert.deepEqual([service, run.logs[0]?.service], [expected, expected], run.stderr);
        assert.equal(run.spans.find(({ name }) => name === "plan")?.service, "planner");
        assert.equal(run.logs.length, 1);
      }
    });

    test("an agent's own provider and exporter go on, and its spans arrive under its name", {
      skip,
    }, async () => {
      const source = `
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

provider = TracerProvider(resource=Resource.create({"service.name": "planner"}))
provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(formatter=lambda span: span.name + "\\n")))
trace.set_tracer_provider(provider)
with trace.get_tracer("own").start_as_current_span("plan"):
    with trace.get_tracer("own").start_as_current_span("step"):
        ${REQUEST.trim().replaceAll("\n", "\n        ")}
`;
      const run = await runPython({ files: { "agent.py": source }, env: { CLEW_SESSION_ID: "s1" } });
      assert.deepEqual([run.code, run.stderr], [0, ""]);
      assert.ok(run.stdout.endsWith("step\nplan\n"), run.stdout);
      assert.deepEqual(run.spans.map(({ name }) => name).sort(), ["GET", "plan", "step"]);
      assert.equal(new Set(run.spans.map(({ traceId }) => traceId)).size, 1);
      assert.equal(run.spans.find(({ name }) => name === "plan")?.service, "planner");
      assert.ok(run.spans.every(({ attributes }) => attributes["session.id"] === "s1"));
    });

    test("what is left is sent at every end: sys.exit, an error, SIGTERM, a fork, os.fork's child", {
      skip,
    }, async () => {
      const ends: Record<string, string> = {
        exit: "import sys\nsys.exit(0)",
        error: "raise ValueError('x')",
        sigterm: "import time\nprint('ready', flush=True)\ntime.sleep(30)",
        // As servers do that have handled it.
        default: `import signal
before = signal.signal(signal.SIGTERM, lambda *_: None)
assert before == signal.SIG_DFL, before
signal.signal(signal.SIGTERM, before)
assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
signal.raise_signal(signal.SIGTERM)`,
        pool: "import multiprocessing\nprocess = multiprocessing.get_context('fork').Process(target=work)\nprocess.start()\nprocess.join()",
        fork: "import os, sys\npid = os.fork()\nif pid == 0:\n    work()\n    sys.exit(0)\nos.waitpid(pid, 0)",
        thread: "import threading\nthreading.Thread(target=work).start()",
      };
      for (const [name, end] of Object.entries(ends)) {
        const source = `def work():\n    ${REQUEST.trim().replaceAll("\n", "\n    ")}\n\nwork()\n${end}\n`;
        const run = await runPython({
          files: { "agent.py": source },
          onOutput: (child) => name === "sigterm" && child.kill("SIGTERM"),
        });
        const twice = ["pool", "fork", "thread"].includes(name);
        assert.equal(run.spans.length, twice ? 2 : 1, `${name}\n${run.stderr}`);
        assert.equal(new Set(run.spans.map(({ spanId }) => spanId)).size, run.spans.length, name);
        if (name === "sigterm" || name === "default") assert.equal(run.signal, "SIGTERM", run.stderr);
        else assert.equal(run.code, name === "error" ? 1 : 0, name);
      }
    });

    test("an agent does not notice a collector that is away, silent, failing or no collector", {
      skip,
    }, async () => {
      const silent = createServer(() => undefined).listen(0, "127.0.0.1");
      const noise = createServer((socket) => socket.on("error", () => undefined).end("SSH-2.0\r\n"));
      noise.listen(0, "127.0.0.1");
      await Promise.all([silent, noise].map((server) => server.listening || once(server, "listening")));
      const portOf = (server: typeof silent) => (server.address() as { port: number }).port;
      try {
        for (const port of [1, portOf(silent), portOf(noise)]) {
          const run = await runPython({
            files: { "agent.py": `${REQUEST}print("done")` },
            env: { CLEW_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
          });
          assert.deepEqual([run.code, run.stdout, run.stderr], [0, "done\n", ""]);
          assert.ok(run.ms < 15_000);
        }
      } finally {
        silent.close();
        noise.close();
      }
    });

    test("records that a JSON formatter prints have the ids of their span", { skip }, async () => {
      const source = `
import json, logging, sys, urllib.request
from opentelemetry import trace

class Json(logging.Formatter):
    def format(self, record):
        return json.dumps({name: record.__dict__.get(name) for name in ("trace_id", "span_id", "session.id")})

handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(Json())
logging.getLogger().addHandler(handler)
with trace.get_tracer("t").start_as_current_span("work"):
    logging.getLogger("a.b").warning("said %s", 1, extra={"order": 7})
try:
    1 / 0
except ZeroDivisionError:
    logging.exception("failed")
`;
      const run = await runPython({ files: { "agent.py": source }, env: { CLEW_SESSION_ID: "s1" } });
      const [span] = run.spans;
      const [line = ""] = run.stdout.split("\n");
      assert.deepEqual(JSON.parse(line), {
        trace_id: span?.traceId,
        span_id: span?.spanId,
        "session.id": "s1",
      });
      const [said, failed] = run.logs;
      assert.deepEqual([said?.body, said?.scope, said?.attributes.order], ["said 1", "a.b", 7]);
      assert.deepEqual([said?.traceId, said?.spanId], [span?.traceId, span?.spanId]);
      assert.equal(failed?.attributes["exception.type"], "ZeroDivisionError");
      assert.match(String(failed?.attributes["exception.stacktrace"]), /1 \/ 0/);
    });
  });
}

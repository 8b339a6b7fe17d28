import assert from "node:assert/strict";
import { test } from "node:test";
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import {
  AlwaysOffSampler,
  ParentBasedSampler,
  type ReadableSpan,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { contextParts } from "./context-parts.ts";
import { contextSettingsFrom } from "./context-settings.ts";
import { ContextTracerProvider } from "./context-tracer-provider.ts";
import { withCorrelationIds } from "./correlation.ts";
import { withDestination } from "./outgoing.ts";
import { prepareUndici } from "./undici-egress.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const { propagator, egress, spanProcessor, logProcessor, correlation } = contextParts(
  contextSettingsFrom({ CLEW_USER_ID: "u1" }),
);
const recorded = new ContextTracerProvider(new TracerProvider({ spanProcessors: [spanProcessor] })).getTracer(
  "t",
);

const getter = {
  get: (carrier: unknown, key: string) => (carrier as Record<string, string>)[key],
  keys: (carrier: unknown) => Object.keys(carrier as object),
};
const setter = {
  set: (carrier: unknown, key: string, value: string) => {
    (carrier as Record<string, string>)[key] = value;
  },
};

function injected(at = context.active()): Record<string, string> {
  const headers: Record<string, string> = {};
  propagator.inject(at, headers, setter);
  return headers;
}

test("a trace that starts here has the random flag, recorded or not; one that goes on has that of its parent", () => {
  const sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() });
  const unrecorded = new ContextTracerProvider(new TracerProvider({ sampler })).getTracer("t");
  assert.equal(recorded.startSpan("root").spanContext().traceFlags, 3);
  assert.equal(unrecorded.startSpan("root").spanContext().traceFlags, 2);
  for (const flags of ["00", "01", "02", "03"]) {
    const parent = propagator.extract(
      ROOT_CONTEXT,
      { traceparent: `00-${TRACE}-${PARENT}-${flags}` },
      getter,
    );
    const child = unrecorded.startSpan("child", {}, parent);
    assert.equal(child.spanContext().traceFlags, Number(flags));
    assert.equal(unrecorded.startSpan("root", { root: true }, parent).spanContext().traceFlags, 2);
    const active = trace.setSpan(parent, child);
    assert.match(injected(active).traceparent ?? "", new RegExp(`^00-${TRACE}-[0-9a-f]{16}-${flags}$`));
  }
});

test("active spans of the wrapped tracer are its own", () => {
  recorded.startActiveSpan("active", { kind: SpanKind.CLIENT }, ROOT_CONTEXT, (span) => {
    assert.equal(span.spanContext().traceFlags, 3);
    span.end();
  });
});

test("ids that are set anew take the name of the old one with them", () => {
  const old = withCorrelationIds(ROOT_CONTEXT, {
    "test.suite.run.id": "r0",
    "test.suite.name": "Suite",
    task: "",
  });
  assert.deepEqual(correlation.idsOf(withCorrelationIds(old, { "test.suite.run.id": "r1" })), [
    ["test.suite.run.id", "r1"],
    ["user.id", "u1"],
  ]);
});

test("baggage that comes in is added to baggage that is there, and its properties go on", () => {
  const there = propagator.extract(ROOT_CONTEXT, { baggage: "a=1;p=%20,b=1" }, getter);
  const both = propagator.extract(there, { baggage: "b=2;q,c=3" }, getter);
  assert.equal(propagation.getBaggage(both)?.getEntry("b")?.value, "2");
  assert.equal(injected(both).baggage, "user.id=u1,a=1;p=%20,b=2;q,c=3");
});

test("ids survive where baggage exceeds its limits", () => {
  const full = Array.from({ length: 64 }, (_, index) => `key${index}=v`).join(",");
  const at = propagator.extract(ROOT_CONTEXT, { baggage: full }, getter);
  const { baggage = "" } = injected(at);
  assert.ok(baggage.startsWith("user.id=u1,key0=v,"));
  assert.equal(baggage.split(",").length, 64);
});

test("an injection that knows its destination goes by that", () => {
  const span = recorded.startSpan("call", {
    kind: SpanKind.CLIENT,
    attributes: { "server.address": "example.com" },
  });
  const active = trace.setSpan(ROOT_CONTEXT, span);
  assert.deepEqual(injected(active), {});
  assert.ok("traceparent" in injected(withDestination(active, "localhost")));
  const events = (span as unknown as ReadableSpan).events.map(({ name, attributes }) => ({
    name,
    attributes,
  }));
  assert.deepEqual(events, [
    {
      name: "clew.context_withheld",
      attributes: { "server.address": "example.com", "clew.withheld": ["traceparent", "baggage"] },
    },
  ]);
});

test("what a broker passes on is for its readers, wherever the broker is", () => {
  const attributes = { "server.address": "mq.example.com", "messaging.system": "kafka" };
  const span = recorded.startSpan("send", { kind: SpanKind.CLIENT, attributes });
  assert.ok("traceparent" in injected(trace.setSpan(ROOT_CONTEXT, span)));
});

test("headers of undici 5, which are lines, lose context that would come twice", () => {
  const span = recorded.startSpan("GET", { kind: SpanKind.CLIENT });
  const headers = `X-Own: 1\r\nTraceParent: 00-${TRACE}-${PARENT}-01\r\nbaggage: mine=1\r\n`;
  const request = { origin: "http://inside", path: "/", headers };
  prepareUndici(egress, span, request);
  assert.equal(request.headers, "X-Own: 1\r\n");
  assert.equal(injected(trace.setSpan(ROOT_CONTEXT, span)).baggage, "user.id=u1,mine=1");
});

test("log records get the ids of their context, and keep what they have", () => {
  const records: ReadableLogRecord[] = [];
  const keep = {
    onEmit: (record: ReadableLogRecord) => void records.push(record),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const logger = new LoggerProvider({ processors: [logProcessor, keep] }).getLogger("t");
  const at = withCorrelationIds(ROOT_CONTEXT, { "session.id": "s1", "test.case.id": "c1" });
  logger.emit({ body: "x", context: at, attributes: { "session.id": "own" } });
  logger.emit({ body: "x" });
  assert.deepEqual(
    records.map(({ attributes }) => attributes),
    [
      { "session.id": "own", "test.case.id": "c1", "test.case.name": "c1", "user.id": "u1" },
      { "user.id": "u1" },
    ],
  );
});

test("settings that make no sense count as unset", () => {
  const settings = contextSettingsFrom({
    CLEW_HEADER_MAP: "x-session-id=session.id, X-Task = task.id,bad,=x,x=,a b=c",
    CLEW_CORRELATION_KEYS: "tenant, ,b a d",
  });
  assert.deepEqual(
    [...settings.headerMap],
    [
      ["x-session-id", "session.id"],
      ["x-task", "task.id"],
    ],
  );
  assert.deepEqual(settings.moreKeys, ["tenant"]);
});

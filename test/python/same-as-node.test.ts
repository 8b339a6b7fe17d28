import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatBaggage, parseBaggage } from "@clew/protocol/context/baggage";
import { parseTraceparent } from "@clew/protocol/context/traceparent";
import { parseTracestate } from "@clew/protocol/context/tracestate";
import { settingsFrom } from "../../packages/instrument/src/settings.ts";
import { AllowedDestinations } from "../../packages/protocol/src/context/allowed-destinations.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython } from "../harness/python-environment.ts";
import { BAGGAGE_CASES } from "../w3c-context/baggage-cases.ts";

const skip = (await noPython()) ?? false;

/** Prints the value of an expression over `given`, in which everything of the Python side is at hand. */
async function inPython<Value>(expression: string, given: unknown): Promise<Value> {
  const source = `
import json, sys
from clew_tracing.baggage import *
from clew_tracing.content import attributes_to_send
from clew_tracing.correlation_keys import *
from clew_tracing.destinations import *
from clew_tracing.settings import *
from clew_tracing.trace_headers import *
given = json.loads(sys.argv[1])
print(json.dumps(${expression}))
`;
  const args = ["agent.py", JSON.stringify(given)];
  const { stdout, stderr } = await runPython({ files: { "agent.py": source }, args });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Value;
}

test("Python's correlation keys are those of correlation-keys.json", { skip }, async () => {
  const path = new URL("../../packages/protocol/src/context/correlation-keys.json", import.meta.url);
  const keys = await inPython("[list(key) for key in CORRELATION_KEYS]", null);
  const described = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>[];
  const rows = described.map(({ key, variable, nameKey, nameVariable, nameDefaultsToId }) => [
    key,
    variable,
    nameKey ?? "",
    nameVariable ?? "",
    nameDefaultsToId ?? false,
  ]);
  assert.deepEqual(keys, rows);
});

test("settings are read from the same variables in the same way", { skip }, async () => {
  const environments: Record<string, string>[] = [
    {},
    {
      OTEL_SDK_DISABLED: " TRUE ",
      OTEL_SERVICE_NAME: "a",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=b,x=%41,y=%zz, =1,z",
    },
    { OTEL_RESOURCE_ATTRIBUTES: "service.name=b", CLEW_CONTENT: "full", CLEW_LOG_IDS: "off" },
    { CLEW_OTLP_ENDPOINT: "http://h:1/", OTEL_EXPORTER_OTLP_ENDPOINT: "http://other:2" },
    { CLEW_OTLP_ENDPOINT: "h:1", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://t/x", CLEW_CONTENT: "all" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://h:1//", OTEL_EXPORTER_OTLP_HEADERS: "A=b%20c,bad name=1,q=%0a" },
    { CLEW_TOKEN: "t", OTEL_TRACES_SAMPLER: " always_off ", OTEL_TRACES_SAMPLER_ARG: "0.5" },
    { CLEW_TOKEN: "t", OTEL_EXPORTER_OTLP_HEADERS: "Authorization=x", CLEW_DISABLED_LIBRARIES: "a, b,," },
    {
      CLEW_HEADER_MAP: "X-Session=session.id, bad, a b=c",
      CLEW_CORRELATION_KEYS: "tenant.id, a b",
      CLEW_PROPAGATE_TO: "*.x , y",
    },
    {
      CLEW_SESSION_ID: " s ",
      CLEW_TEST_CASE_ID: "c",
      CLEW_TEST_SUITE_NAME: "n",
      BAGGAGE: "a=1",
      TRACEPARENT: "00",
    },
  ];
  const python = await inPython<unknown[]>(
    `[[s.disabled, s.service_name, dict(s.resource_attributes), s.traces_url, s.logs_url, dict(s.headers), s.sampler,
  s.sampler_argument, s.content, s.log_ids, sorted(s.disabled_libraries), list(s.context.header_map.items()),
  list(s.context.more_keys), list(s.context.propagate_to), dict(s.context.ids), s.context.traceparent, s.context.baggage]
 for s in map(settings_from, given)]`,
    environments,
  );
  const node = environments
    .map(settingsFrom)
    .map((settings) => [
      settings.disabled,
      settings.serviceName,
      settings.resourceAttributes,
      settings.tracesUrl,
      settings.logsUrl,
      settings.headers,
      settings.sampler,
      settings.samplerArgument,
      settings.content,
      settings.logIds,
      [...settings.disabledLibraries].sort(),
      [...settings.context.headerMap],
      settings.context.moreKeys,
      settings.context.propagateTo,
      settings.context.ids,
      settings.context.traceparent,
      settings.context.baggage,
    ]);
  for (const [index, expected] of node.entries()) {
    assert.deepEqual(
      python[index],
      JSON.parse(JSON.stringify(expected)),
      JSON.stringify(environments[index]),
    );
  }
});

test("context headers are read and written alike", { skip }, async () => {
  const baggage = [...BAGGAGE_CASES.map(({ incoming }) => incoming.join(",")), "a=é,b=😀;p=ü", "a=%f0%9f"];
  const rewritten = await inPython("[format_baggage(parse_baggage(text)) for text in given]", baggage);
  assert.deepEqual(
    rewritten,
    baggage.map((text) => formatBaggage(parseBaggage(text))),
  );
  const id = `${"a".repeat(32)}-${"b".repeat(16)}`;
  const parents = [
    `00-${id}-01`,
    ` 00-${id}-ff\t`,
    `cc-${id}-01-x`,
    `00-${id}-01-`,
    `ff-${id}-01`,
    `00-${id}-1`,
  ];
  const read = await inPython<(number | null)[]>(
    "[p and p.flags for p in map(parse_traceparent, given)]",
    parents,
  );
  assert.deepEqual(
    read,
    parents.map((text) => parseTraceparent(text)?.flags ?? null),
  );
  const states = ["a=1,b=2", "a=1,,a=2", "A=1", "1a@b=c", "a=", "a=b=c", `${"k".repeat(257)}=1`];
  const members = await inPython("[m and list(m.items()) for m in map(parse_tracestate, given)]", states);
  assert.deepEqual(
    members,
    states.map((text) => parseTracestate(text)?.map(({ key, value }) => [key, value]) ?? null),
  );
});

test("the same destinations are allowed", { skip }, async () => {
  const lists = [[], ["*"], ["api.example.com", "*.internal.example", "203.0.113.0/24", "2001:db8::/32"]];
  const hosts = [
    ..."localhost a a.svc x.cluster.local example.com api.example.com. b.internal.example 127.1 0x7f.1".split(
      " ",
    ),
    ..."10.1.2.3 8.8.8.8 203.0.113.9 172.32.0.1 [::1] 2001:db8::1 ::ffff:10.0.0.1 fe80::1%eth0 münchen.de".split(
      " ",
    ),
    "",
    "a b",
  ];
  const python = await inPython(
    "[[AllowedDestinations(more).allows(host) for host in given[1]] for more in given[0]]",
    [lists, hosts],
  );
  const node = lists.map((more) => hosts.map((host) => new AllowedDestinations(more).allows(host)));
  assert.deepEqual(python, node);
});

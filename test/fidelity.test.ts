import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { decodeOtlp } from "@clew/protocol/otlp/decode";
import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { OtlpData } from "@clew/protocol/otlp/model";
import type { Signal } from "@clew/protocol/signal";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { randomData } from "../packages/protocol/src/otlp/fixtures/random-data.ts";
import { type Flat, flatten, jsonText } from "./harness/canonical.ts";
import { everything } from "./harness/every-value.ts";
import { EXPORT_FORMATS, exported } from "./harness/exported.ts";
import { RawGrpc } from "./harness/otlp-grpc.ts";
import { RawHttp } from "./harness/otlp-http.ts";
import { type RecordingProxy, recordingProxy } from "./harness/recording-proxy.ts";
import { sendSdkTrace } from "./harness/sdk-trace.ts";
import { ServerProcess } from "./harness/server-process.ts";
import { type Told, toldByGrpc, toldByHttp } from "./harness/told.ts";
import { until } from "./harness/until.ts";

let server: ServerProcess;
let http: RawHttp;
let grpc: RawGrpc;

before(async () => {
  server = await ServerProcess.start();
  http = new RawHttp(server.ports.http);
  grpc = new RawGrpc(server.ports.grpc);
});

after(async () => {
  http.close();
  grpc.close();
  await server[Symbol.asyncDispose]();
});

const SDK_EXPORTERS: Record<string, (proxy: RecordingProxy, compression: never) => SpanExporter> = {
  "OTLP/gRPC": (proxy, compression) => new GrpcExporter({ url: proxy.grpcUrl, compression }),
  "OTLP/HTTP protobuf": (proxy, compression) =>
    new ProtobufExporter({ url: `${proxy.httpUrl}/v1/traces`, compression }),
  "OTLP/HTTP JSON": (proxy, compression) =>
    new JsonExporter({ url: `${proxy.httpUrl}/v1/traces`, compression }),
};

let traces = 0;
function newTraceId(): string {
  return `${"f1de".repeat(4)}${(++traces).toString(16).padStart(16, "0")}`;
}

/** Asks until the export has as many records as were sent, then compares all formats with what was sent. */
async function assertExported(signal: Signal, sent: Flat[], wanted: (flat: Flat) => boolean): Promise<void> {
  for (const format of EXPORT_FORMATS) {
    const found = await until(
      `${sent.length} records of ${signal} in the export as ${format}`,
      async () => {
        const records = (await exported(server, signal, { format })).filter(wanted);
        return records.length >= sent.length && records;
      },
      { timeoutMs: 20_000, pollMs: 100 },
    );
    assert.deepEqual(found, sent, `exported as ${format}`);
  }
}

function inTrace(traceId: string): (flat: Flat) => boolean {
  return ({ record }) => (record as { traceId?: string }).traceId === traceId;
}

for (const [protocol, exporter] of Object.entries(SDK_EXPORTERS)) {
  for (const compression of ["none", "gzip"]) {
    test(`what the OpenTelemetry SDK sends over ${protocol} comes back as sent, compression ${compression}`, async () => {
      await using proxy = await recordingProxy(server.ports);
      const traceId = newTraceId();
      await sendSdkTrace(exporter(proxy, compression as never), traceId);
      const bodies = proxy.recorded.map(({ body, contentType }) =>
        contentType.includes("json") ? (JSON.parse(`${body}`) as object) : decodeOtlp("traces", body),
      );
      const sent = flatten("traces", ...bodies);
      assert.equal(sent.length, 6);
      await assertExported("traces", sent, inTrace(traceId));
    });
  }
}

test("the three protocols of the SDK make the same trace", async () => {
  const results: unknown[] = [];
  for (const exporter of Object.values(SDK_EXPORTERS)) {
    await using proxy = await recordingProxy(server.ports);
    const traceId = newTraceId();
    await sendSdkTrace(exporter(proxy, "none" as never), traceId);
    const spans = await until("the trace", async () => {
      const records = await exported(server, "traces", { traces: [traceId] });
      return records.length === 6 && records;
    });
    // JSON has no NaN and no infinities, so the SDK's JSON has null in their place.
    const text = JSON.stringify(spans).replaceAll(traceId, "TRACE");
    results.push(JSON.parse(text.replace(/\{"doubleValue":"-?(NaN|Infinity)"\}/g, "{}")));
  }
  assert.deepEqual(results[0], results[1]);
  assert.deepEqual(results[1], results[2]);
});

function assertAllTaken({ isOk, rejected, message }: Told): void {
  assert.deepEqual([isOk, rejected], [true, 0], message);
}

type Send = (signal: Signal, data: OtlpData[Signal]) => Promise<unknown>;

const RAW: Record<string, Send> = {
  "OTLP/gRPC": async (signal, data) => {
    assertAllTaken(toldByGrpc(signal, await grpc.send(signal, encodeOtlp(signal, data as never))));
  },
  "OTLP/HTTP protobuf": async (signal, data) => {
    assertAllTaken(toldByHttp(signal, await http.send(signal, encodeOtlp(signal, data as never))));
  },
  "OTLP/HTTP JSON": async (signal, data) => {
    assertAllTaken(toldByHttp(signal, await http.sendJson(signal, jsonText(data))));
  },
};

for (const [protocol, send] of Object.entries(RAW)) {
  test(`every value and field of a span sent over ${protocol} comes back as sent`, async () => {
    const traceId = newTraceId();
    const data = everything(traceId);
    await send("traces", data);
    await assertExported("traces", flatten("traces", data), inTrace(traceId));
  });

  for (const signal of ["traces", "logs", "metrics"] as const) {
    test(`the fixture of ${signal} sent over ${protocol} comes back as sent`, async () => {
      const path = new URL(`../packages/protocol/src/otlp/fixtures/${signal}.json`, import.meta.url);
      const service = `${signal} fixture over ${protocol}`;
      const data = renamed(JSON.parse(readFileSync(path, "utf8")), service, newTraceId());
      await send(signal, data);
      await assertExported(signal, flatten(signal, data), ofService(service));
    });
  }

  test(`random records sent over ${protocol} come back as sent`, async () => {
    for (const signal of ["traces", "logs", "metrics"] as const) {
      const service = `random ${signal} over ${protocol}`;
      const sent: OtlpData[Signal][] = [];
      for (let seed = 1; seed <= 40; seed++) {
        const data = storable(renamed(randomData(signal, seed), service, newTraceId()));
        sent.push(data);
        await send(signal, data);
      }
      await assertExported(signal, flatten(signal, ...sent), ofService(service));
    }
  });
}

const EXAMPLES = new URL("../../shared/opentelemetry-proto/examples/", import.meta.url);
const files = {
  "trace.json": "traces",
  "logs.json": "logs",
  "events.json": "logs",
  "metrics.json": "metrics",
} as const;

for (const [file, signal] of Object.entries(files)) {
  const skip = existsSync(EXAMPLES) ? false : "opentelemetry-proto is not beside this checkout";
  test(`opentelemetry-proto's example ${file} comes back as sent`, { skip }, async () => {
    const service = `example ${file}`;
    const data = JSON.parse(readFileSync(new URL(file, EXAMPLES), "utf8"));
    for (const group of data.resourceSpans ?? data.resourceLogs ?? data.resourceMetrics) {
      group.resource.attributes = [{ key: "service.name", value: { stringValue: service } }];
    }
    await http.sendJson(signal, JSON.stringify(data));
    await assertExported(signal, flatten(signal, data), ofService(service));
  });
}

function ofService(service: string): (flat: Flat) => boolean {
  return ({ resource }) => JSON.stringify(resource ?? null).includes(JSON.stringify(service));
}

type Group = { resource?: { attributes?: unknown[] } };

/** The data under a service name and a trace id of their own. Resources come first so that no two are alike. */
function renamed<Data extends object>(data: Data, service: string, traceId: string): Data {
  let spans = 0;
  const copy = structuredClone(data) as Record<string, Group[]>;
  for (const group of Object.values(copy).flat()) {
    group.resource ??= {};
    group.resource.attributes = [
      { key: "service.name", value: { stringValue: service } },
      ...(group.resource.attributes ?? []).filter(
        (each) => (each as { key?: string }).key !== "service.name",
      ),
    ];
  }
  for (const span of spansOf(copy)) {
    span.traceId = traceId;
    span.spanId = (++spans).toString(16).padStart(16, "0");
  }
  return copy as Data;
}

type Loose = Record<string, unknown>;

function spansOf(data: object): Loose[] {
  const groups = ((data as Loose).resourceSpans ?? []) as { scopeSpans?: { spans?: Loose[] }[] }[];
  return groups.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans));
}

/** Without what no receiver has to take: ids of a wrong length, times after 2262, enum values that are none. */
function storable<Data extends object>(data: Data): Data {
  return JSON.parse(jsonText(data as never), (key, value) => {
    if (/^(traceId|spanId|parentSpanId)$/.test(key)) {
      const digits = key === "traceId" ? 32 : 16;
      return value.length === digits ? value : "ab".repeat(digits / 2);
    }
    if (/UnixNano$/.test(key) && BigInt(value) >= 2n ** 63n) return "9223372036854775807";
    if (/^(kind|code|severityNumber|aggregationTemporality)$/.test(key) && (value < 0 || value > 255))
      return 1;
    return value;
  }) as Data;
}

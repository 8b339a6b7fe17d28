import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { GrpcCallOptions } from "../harness/otlp-grpc.ts";
import { framed, GRPC_PATHS } from "../harness/otlp-grpc.ts";
import type { HttpCall } from "../harness/otlp-http.ts";
import { delimited } from "../harness/raw-protobuf.ts";
import { around, jsonAround, newTraceId } from "./bad-case.ts";

const MIB = 1024 * 1024;
const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };

function good(): Buffer {
  return around(newTraceId());
}

/** A body of exactly so many bytes: a field that OTLP does not know, and another to fill up. */
function bodyOf(bytes: number): Buffer {
  const most = delimited(99, Buffer.alloc(bytes - 20));
  return Buffer.concat([most, delimited(98, Buffer.alloc(bytes - most.length - 3))]);
}

export interface HttpCase {
  readonly name: string;
  readonly call: HttpCall;
  readonly body: () => Uint8Array | string;
  readonly status: number;
  /** What the explanation must say. */
  readonly says?: RegExp;
}

/** Requests that HTTP itself, their headers or their size make bad. */
export function httpCases(): HttpCase[] {
  const typed = (type: string): HttpCall => ({ headers: { "content-type": type } });
  const encoded = (encoding: string, type = PROTOBUF): HttpCall => ({
    headers: { ...type, "content-encoding": encoding },
  });
  const zeros = Buffer.alloc(300 * MIB);
  return [
    { name: "no content type", call: {}, body: good, status: 415, says: /application\/x-protobuf/ },
    { name: "text/plain", call: typed("text/plain"), body: good, status: 415, says: /text\/plain/ },
    { name: "a form", call: typed("application/x-www-form-urlencoded"), body: "a=b", status: 415 },
    { name: "multipart", call: typed("multipart/form-data; boundary=x"), body: "--x--", status: 415 },
    { name: "a content type of 10 KB", call: typed("x".repeat(10_000)), body: good, status: 415 },
    { name: "gRPC's content type", call: typed("application/grpc"), body: good, status: 415 },
    {
      name: "JSON that calls itself protobuf",
      call: typed("application/x-protobuf"),
      body: () => jsonAround(newTraceId()),
      status: 400,
      says: /application\/json/,
    },
    {
      name: "protobuf that calls itself JSON",
      call: typed("application/json"),
      body: good,
      status: 400,
      says: /application\/x-protobuf/,
    },
    {
      name: "parameters of the content type",
      call: typed("application/json; charset=utf-8"),
      body: () => jsonAround(newTraceId()),
      status: 200,
    },
    {
      name: "upper case in the content type",
      call: typed("Application/X-Protobuf"),
      body: good,
      status: 200,
    },
    {
      name: "gzip without saying so",
      call: { headers: PROTOBUF },
      body: () => gzipSync(good()),
      status: 400,
      says: /content-encoding: gzip/,
    },
    { name: "gzip", call: encoded("gzip"), body: () => gzipSync(good()), status: 200 },
    { name: "deflate", call: encoded("deflate"), body: () => deflateSync(good()), status: 200 },
    { name: "zstd", call: encoded("zstd"), body: () => zstdCompressSync(good()), status: 200 },
    {
      name: "plain bytes that call themselves gzip",
      call: encoded("gzip"),
      body: good,
      status: 400,
      says: /gzip/,
    },
    {
      name: "gzip cut off",
      call: encoded("gzip"),
      body: () => gzipSync(good()).subarray(0, -10),
      status: 400,
    },
    {
      name: "gzip with a wrong checksum",
      call: encoded("gzip"),
      body: () => Buffer.concat([gzipSync(good()).subarray(0, -8), Buffer.alloc(8, 1)]),
      status: 400,
    },
    { name: "gzip twice over", call: encoded("gzip"), body: () => gzipSync(gzipSync(good())), status: 400 },
    { name: "an empty gzip body", call: encoded("gzip"), body: () => Buffer.alloc(0), status: 400 },
    { name: "Brotli", call: encoded("br"), body: good, status: 415, says: /gzip/ },
    { name: "an encoding nobody knows", call: encoded("snappy"), body: good, status: 415 },
    { name: "a gzip bomb", call: encoded("gzip"), body: () => gzipSync(zeros), status: 413, says: /64 MiB/ },
    { name: "a deflate bomb", call: encoded("deflate"), body: () => deflateSync(zeros), status: 413 },
    { name: "a zstd bomb", call: encoded("zstd"), body: () => zstdCompressSync(zeros), status: 413 },
    {
      name: "a gzip bomb of JSON",
      call: encoded("gzip", JSON_TYPE),
      body: () => gzipSync(Buffer.alloc(200 * MIB, "[")),
      status: 413,
    },
    {
      name: "a gzip bomb with a lie about its size",
      call: encoded("gzip"),
      body: () => Buffer.concat([gzipSync(zeros).subarray(0, -4), Buffer.from([1, 0, 0, 0])]),
      status: 413,
    },
    { name: "64 MiB", call: { headers: PROTOBUF }, body: () => bodyOf(64 * MIB), status: 200 },
    {
      name: "64 MiB and a byte",
      call: { headers: PROTOBUF },
      body: () => bodyOf(64 * MIB + 1),
      status: 413,
      says: /64 MiB/,
    },
    {
      name: "64 MiB and a byte without a length",
      call: { headers: { ...PROTOBUF, "transfer-encoding": "chunked" } },
      body: () => bodyOf(64 * MIB + 1),
      status: 413,
    },
    {
      name: "64 MiB and a byte of JSON",
      call: { headers: JSON_TYPE },
      body: () => Buffer.alloc(64 * MIB + 1, "["),
      status: 413,
    },
    { name: "GET", call: { method: "GET" }, body: "", status: 405, says: /POST/ },
    { name: "PUT", call: { method: "PUT", headers: PROTOBUF }, body: good, status: 405 },
    { name: "DELETE", call: { method: "DELETE" }, body: "", status: 405 },
    {
      name: "no path",
      call: { path: "/", headers: PROTOBUF },
      body: good,
      status: 404,
      says: /\/v1\/traces/,
    },
    {
      name: "half a path",
      call: { path: "/v1/trace", headers: PROTOBUF },
      body: good,
      status: 404,
      says: /\/v1\/traces/,
    },
    {
      name: "the path twice",
      call: { path: "/v1/traces/v1/traces", headers: PROTOBUF },
      body: good,
      status: 404,
      says: /OTEL_EXPORTER_OTLP_ENDPOINT/,
    },
    {
      name: "a path of 20 KB",
      call: { path: `/${"x".repeat(20_000)}`, headers: PROTOBUF },
      body: good,
      status: 404,
    },
    {
      name: "a path with a line break",
      call: { path: "/v1/traces%0d%0aset-cookie:a=b", headers: PROTOBUF },
      body: good,
      status: 404,
    },
    {
      name: "Jaeger's Thrift",
      call: { path: "/api/traces", headers: typed("application/x-thrift").headers! },
      body: good,
      status: 404,
      says: /OTLP/,
    },
    {
      name: "a profile",
      call: { path: "/v1development/profiles", headers: PROTOBUF },
      body: good,
      status: 404,
      says: /rofiles/,
    },
    {
      name: "Zipkin that is no JSON",
      call: { path: "/api/v2/spans", headers: JSON_TYPE },
      body: "[{",
      status: 400,
    },
    {
      name: "Zipkin that is no list",
      call: { path: "/api/v2/spans", headers: JSON_TYPE },
      body: '{"id":"1"}',
      status: 400,
    },
    {
      name: "Zipkin without ids",
      call: { path: "/api/v2/spans", headers: JSON_TYPE },
      body: '[{"name":"a"}]',
      status: 400,
    },
    {
      name: "Zipkin's protobuf",
      call: { path: "/api/v2/spans", headers: PROTOBUF },
      body: good,
      status: 415,
    },
  ].map((each) => ({ ...each, body: typeof each.body === "string" ? () => each.body as string : each.body }));
}

export interface GrpcCase {
  readonly name: string;
  readonly path?: string;
  readonly body: () => Uint8Array;
  readonly options?: GrpcCallOptions;
  readonly status: number;
  readonly says?: RegExp;
}

/** Calls whose frame, method, compression or size is bad. */
export function grpcCases(): GrpcCase[] {
  const unframed = { unframed: true };
  const gzip = { compressed: true, headers: { "grpc-encoding": "gzip" } };
  const message = framed(good());
  return [
    {
      name: "an unknown method",
      path: "/opentelemetry.proto.collector.trace.v1.TraceService/Import",
      body: good,
      status: 12,
    },
    { name: "an unknown service", path: "/a/b", body: good, status: 12 },
    {
      name: "profiles",
      path: "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
      body: good,
      status: 12,
    },
    { name: "no message", body: () => Buffer.alloc(0), options: unframed, status: 3 },
    { name: "half a frame's head", body: () => message.subarray(0, 3), options: unframed, status: 3 },
    { name: "a frame cut off", body: () => message.subarray(0, -5), options: unframed, status: 3 },
    { name: "two messages", body: () => Buffer.concat([message, message]), options: unframed, status: 3 },
    {
      name: "a message of 4 GB that is not there",
      body: () => Buffer.from([0, 255, 255, 255, 255, 1]),
      options: unframed,
      status: 8,
      says: /67108864/,
    },
    {
      name: "an unknown flag",
      body: () => Buffer.concat([Buffer.from([7]), message.subarray(1)]),
      options: unframed,
      status: 13,
    },
    {
      name: "compression without its name",
      body: () => gzipSync(good()),
      options: { compressed: true },
      status: 13,
    },
    {
      name: "compression nobody knows",
      body: good,
      options: { compressed: true, headers: { "grpc-encoding": "snappy" } },
      status: 12,
      says: /gzip/,
    },
    { name: "gzip", body: () => gzipSync(good()), options: gzip, status: 0 },
    {
      name: "a gzip encoding with a plain message",
      body: good,
      options: { headers: { "grpc-encoding": "gzip" } },
      status: 0,
    },
    { name: "plain bytes that call themselves gzip", body: good, options: gzip, status: 3 },
    {
      name: "a gzip bomb",
      body: () => gzipSync(Buffer.alloc(300 * MIB)),
      options: gzip,
      status: 8,
      says: /64 MiB/,
    },
    { name: "64 MiB", body: () => bodyOf(64 * MIB), status: 0 },
    { name: "64 MiB and a byte", body: () => bodyOf(64 * MIB + 1), status: 8, says: /67108864/ },
    { name: "a JSON message", body: () => Buffer.from('{"resourceSpans":[]}'), status: 3, says: /JSON/ },
  ].map((each) => ({ path: GRPC_PATHS.traces, ...each }));
}

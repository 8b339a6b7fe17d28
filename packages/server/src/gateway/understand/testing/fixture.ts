import { readdirSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { apiOf } from "../api-of.ts";
import type { CallRequest, CallResponse, ContentLevel } from "../call.ts";
import { callAttributes } from "../call-attributes.ts";
import { readRequest } from "../read-request.ts";
import { responseReader } from "../response-reader.ts";

export const FIXTURES = new URL("../fixtures/", import.meta.url);

/** A call as it goes over the wire: the answer is `answer` in one piece, `events` of SSE, or `elements` of a list. */
export interface Fixture {
  readonly path: string;
  readonly host?: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body: unknown;
  readonly status: number;
  readonly answerHeaders?: IncomingHttpHeaders;
  readonly answer?: unknown;
  readonly events?: readonly SentEvent[];
  readonly elements?: readonly unknown[];
}

interface SentEvent {
  readonly comment?: string;
  readonly event?: string;
  readonly id?: string;
  readonly data?: unknown;
}

export function fixtureNames(): string[] {
  return readdirSync(FIXTURES)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".golden.json"))
    .map((file) => file.slice(0, -".json".length));
}

export function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), "utf8")) as Fixture;
}

/** The pieces in which an answer is sent: one for each event or element. */
export function answerPieces({ answer, events, elements }: Fixture, lineEnd = "\n"): string[] {
  if (events !== undefined) return events.map((event) => eventText(event, lineEnd));
  if (elements === undefined) return answer === undefined ? [] : [JSON.stringify(answer)];
  const texts = elements.map((element) => JSON.stringify(element, null, 2));
  return texts.map(
    (text, index) => `${index === 0 ? "[" : ",\r\n"}${text}${index === texts.length - 1 ? "\n]" : ""}`,
  );
}

function eventText({ comment, event, id, data }: SentEvent, lineEnd: string): string {
  const lines: string[] = [];
  if (comment !== undefined) lines.push(`: ${comment}`);
  if (event !== undefined) lines.push(`event: ${event}`);
  if (id !== undefined) lines.push(`id: ${id}`);
  if (data !== undefined) lines.push(`data: ${typeof data === "string" ? data : JSON.stringify(data)}`);
  return [...lines, "", ""].join(lineEnd);
}

export interface ReadCall {
  readonly request: CallRequest;
  readonly response: CallResponse;
  readonly attributes: readonly KeyValue[];
}

/** Reads a call. The pieces of the answer come a millisecond apart, after ten; the end comes after a second. */
export function readCall(
  given: Fixture,
  content: ContentLevel,
  pieces: readonly Uint8Array[] = answerPieces(given).map((piece) => Buffer.from(piece)),
  encoding?: string,
): ReadCall {
  const { path, headers = {}, status } = given;
  const api = apiOf("POST", path, "application/json; charset=utf-8");
  if (api === undefined) throw new Error("no API");
  const body = Buffer.from(JSON.stringify(given.body));
  const request = readRequest({ api, path, headers, body }, { content });
  const answerHeaders = {
    "content-type": given.events === undefined ? "application/json" : "text/event-stream; charset=utf-8",
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    ...given.answerHeaders,
  };
  const reader = responseReader(request, status, answerHeaders, 5n, { content });
  for (const [index, piece] of pieces.entries()) reader.chunk(piece, 5n + BigInt(10 + index) * 1_000_000n);
  const response = reader.end(5n + 1_000_000_000n);
  const cost = (_model: string, usage: { input?: number | undefined }) => (usage.input ?? 0) / 1000;
  return { request, response, attributes: callAttributes(request, response, cost, { host: given.host }) };
}

/** Attributes as one object; JSON text of content as its value. */
export function plainAttributes(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key = "", value = {} }) => {
      const { stringValue, arrayValue, intValue, doubleValue, boolValue } = value;
      if (stringValue !== undefined && /^[[{]/.test(stringValue)) return [key, JSON.parse(stringValue)];
      const list = arrayValue?.values?.map((item) => item.stringValue);
      return [key, stringValue ?? list ?? boolValue ?? doubleValue ?? Number(intValue)];
    }),
  );
}

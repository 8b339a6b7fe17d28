import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Document, readJson, readProtobuf } from "./documents.ts";

const NEWLINE = 10;
const GZIP = [0x1f, 0x8b];

/**
 * The documents of a file: one, or of JSON lines one after the other without holding more than a line. gzip is
 * unpacked. Throws what `readJson` and `readProtobuf` throw, for a line with its number.
 */
export async function* readDocuments(file: Readable): AsyncGenerator<Document, void, undefined> {
  const { first, all } = await peeked(file);
  if (first.length === 0) return;
  if (GZIP.every((byte, at) => first[at] === byte)) {
    const unpacked = createGunzip();
    all.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
    yield* readDocuments(unpacked);
    return;
  }
  if (!isJson(first)) {
    yield readProtobuf(Buffer.concat(await all.toArray()));
    return;
  }
  let number = 0;
  let isFirst = true;
  const held: Uint8Array[] = [];
  for await (const line of linesOf(all)) {
    number++;
    // A first line that is not a document on its own begins one that has more lines.
    if (held.length > 0) held.push(Buffer.from("\n"), line);
    else if (!isBlank(line)) {
      const document = readLine(line, number, isFirst);
      isFirst = false;
      if (document === undefined) held.push(line);
      else yield document;
    }
  }
  if (held.length > 0) yield readJson(Buffer.concat(held));
}

/** Undefined where the first line of a file is no JSON on its own. */
function readLine(line: Uint8Array, number: number, isFirst: boolean): Document | undefined {
  try {
    return readJson(line);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (isFirst && error.cause instanceof SyntaxError) return undefined;
    if (!isFirst) error.message = `line ${number}: ${error.message}`;
    throw error;
  }
}

const PEEK_BYTES = 256;

async function peeked(file: Readable): Promise<{ first: Uint8Array; all: Readable }> {
  const pieces = file[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let first = Buffer.alloc(0);
  while (first.length < PEEK_BYTES) {
    const next = await pieces.next();
    if (next.done) break;
    first = Buffer.concat([first, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  return { first, all: Readable.from(all()) };
}

/** An OTLP message begins with a line feed too, but has other control characters soon after it. */
function isJson(start: Uint8Array): boolean {
  const text = Buffer.from(start.subarray(0, PEEK_BYTES)).toString("utf8");
  return /^\ufeff?\s*[[{]/.test(text) && !/[^\P{Cc}\t\n\r\u0080-\u009f]/u.test(text);
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 32 || byte === 9 || byte === 13);
}

async function* linesOf(file: Readable): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  for await (const piece of file as AsyncIterable<Uint8Array>) {
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...held, piece.subarray(from, at)]);
      held = [];
      from = at + 1;
    }
    if (from < piece.length) held.push(piece.subarray(from));
  }
  if (held.length > 0) yield Buffer.concat(held);
}

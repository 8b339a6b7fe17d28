import { PublicError } from "../../errors.ts";
import type { RecordedAnswer, RecordedChunk } from "./recorder.ts";

/** One call of a model, as it is kept in a file: JSON that a person can read and put under version control. */
export interface RecordingFile {
  readonly clewRecording: 1;
  readonly recordedAt: string;
  readonly testCase?: string | undefined;
  readonly agent?: string | undefined;
  readonly content: { readonly strict: string; readonly loose: string };
  /** Among calls with the same test case, agent and loose content: 1 is the first. */
  readonly nth: number;
  readonly request: {
    readonly method: string;
    /** With its query, without keys. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: StoredBytes;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly chunks: readonly (StoredBytes & { readonly afterMs: number })[];
  };
}

/** Bytes in the most readable form that gives back exactly the same bytes. */
export type StoredBytes =
  | { readonly json: unknown; readonly indent?: number }
  | { readonly text: string }
  | { readonly base64: string };

/** A file of a recording can't be used. */
export class InvalidRecording extends PublicError {
  readonly code = "invalid_recording";
  readonly status = 500;
}

function complaint(path: string, why: string): string {
  return `${path}: ${why}. Record it anew, or take the file away`;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function storedBytes(bytes: Uint8Array): StoredBytes {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString("base64") };
  }
  return storedText(text);
}

export function storedText(text: string): StoredBytes {
  if (!/^\s*[[{]/.test(text)) return { text };
  try {
    const json: unknown = JSON.parse(text);
    for (const indent of [0, 2]) {
      if (JSON.stringify(json, null, indent) === text) return indent === 0 ? { json } : { json, indent };
    }
  } catch {
    // It only looked like JSON.
  }
  return { text };
}

export function bytesOf(stored: StoredBytes): Uint8Array {
  if ("base64" in stored) return Buffer.from(stored.base64, "base64");
  if ("text" in stored) return Buffer.from(stored.text);
  return Buffer.from(JSON.stringify(stored.json, null, stored.indent));
}

/** Reads a file's text. Throws InvalidRecording, which says where. */
export function parseRecording(path: string, text: string): RecordingFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidRecording(complaint(path, `It is not JSON (${(error as Error).message})`), {
      cause: error,
    });
  }
  const file = value as Partial<RecordingFile> | null;
  if (file?.clewRecording !== 1)
    throw new InvalidRecording(complaint(path, 'It has no `"clewRecording": 1`'));
  const wrong = wrongField(file);
  if (wrong !== undefined) throw new InvalidRecording(complaint(path, wrong));
  return file as RecordingFile;
}

export function answerOf({ answer }: RecordingFile): RecordedAnswer {
  const chunks = answer.chunks.map(
    (chunk): RecordedChunk => ({
      afterMs: chunk.afterMs,
      bytes: bytesOf(chunk),
    }),
  );
  return { status: answer.status, headers: answer.headers, chunks };
}

function wrongField(file: Partial<RecordingFile>): string | undefined {
  const { content, nth, request, answer } = file;
  if (typeof content?.strict !== "string" || typeof content.loose !== "string") {
    return "`content.strict` and `content.loose` must be texts";
  }
  if (!Number.isInteger(nth)) return "`nth` must be a whole number";
  if (typeof request?.method !== "string" || typeof request.path !== "string") {
    return "`request.method` and `request.path` must be texts";
  }
  const status = answer?.status;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
    return "`answer.status` must be a status of HTTP from 200 to 599";
  }
  const headers = answer?.headers;
  if (typeof headers !== "object" || !Object.values(headers).every((one) => typeof one === "string")) {
    return "`answer.headers` must be texts by name";
  }
  if (!Array.isArray(answer?.chunks)) return "`answer.chunks` must be a list";
  const bad = answer.chunks.findIndex((chunk) => !isChunk(chunk));
  return bad < 0
    ? undefined
    : `\`answer.chunks[${bad}]\` must have \`afterMs\` and one of \`json\`, \`text\`, \`base64\``;
}

function isChunk(chunk: unknown): boolean {
  if (typeof chunk !== "object" || chunk === null) return false;
  const { afterMs, text, base64 } = chunk as Record<string, unknown>;
  if (typeof afterMs !== "number") return false;
  return "json" in chunk || typeof text === "string" || typeof base64 === "string";
}

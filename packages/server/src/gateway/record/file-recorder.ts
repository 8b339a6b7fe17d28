import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Logger } from "../../log.ts";
import { apiOf } from "../understand/api-of.ts";
import { contentKeys, pathWithoutSecrets } from "./content-key.ts";
import { decoded } from "./decoded.ts";
import type { AnswerRecording, RecordableCall, RecordedChunk, Recorder } from "./recorder.ts";
import { type RecordingFile, storedBytes, storedText } from "./recording-file.ts";
import { fileNameOf, folderOf } from "./recording-path.ts";
import { keptAnswerHeader, keptRequestHeader, redacted, secretsOf, withoutSecrets } from "./redact.ts";

export interface FileRecorderOptions {
  readonly folder: string;
  readonly logger: Logger;
  /** What must never be written, beside what the caller proves itself with: credentials of upstreams. */
  readonly secrets?: readonly string[];
}

/** What is larger is not recorded: nobody would read it. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Writes one file per call. What was recorded for the same key before this process began is replaced. */
export class FileRecorder implements Recorder {
  readonly #folder: string;
  readonly #logger: Logger;
  readonly #secrets: readonly string[];
  readonly #counts = new Map<string, number>();
  readonly #writing = new Set<Promise<void>>();
  readonly #clearing = new Map<string, Promise<void>>();

  constructor({ folder, logger, secrets = [] }: FileRecorderOptions) {
    this.#folder = folder;
    this.#logger = logger;
    this.#secrets = secrets;
  }

  wants({ method, path, headers, body }: RecordableCall): boolean {
    if (body === undefined) return false;
    const api = apiOf(method, path, headers["content-type"]);
    return api !== undefined && api !== "agent" && api !== "mcp" && api !== "a2a";
  }

  open(call: RecordableCall): AnswerRecording {
    const content = contentKeys(call);
    const folder = join(this.#folder, folderOf(call.testCaseId, call.agent));
    const begin = fileNameOf(call, content.loose);
    const key = join(folder, begin);
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    return new OpenRecording((answer) => {
      const secrets = [...this.#secrets, ...secretsOf(call.headers, call.path)];
      const file = (): RecordingFile => ({
        clewRecording: 1,
        recordedAt: new Date().toISOString(),
        ...(call.testCaseId !== undefined && { testCase: call.testCaseId }),
        ...(call.agent !== undefined && { agent: call.agent }),
        content,
        nth,
        request: storedRequest(call, secrets),
        answer: storedAnswer(answer, secrets),
      });
      const writing = this.#write(key, `${key}-${nth}.json`, file).finally(() =>
        this.#writing.delete(writing),
      );
      this.#writing.add(writing);
    });
  }

  async close(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  async #write(key: string, path: string, file: () => RecordingFile): Promise<void> {
    try {
      let clearing = this.#clearing.get(key);
      if (clearing === undefined) {
        clearing = clear(key);
        this.#clearing.set(key, clearing);
      }
      await clearing;
      await writeFile(`${path}.new`, `${JSON.stringify(file(), null, 2)}\n`);
      await rename(`${path}.new`, path);
    } catch (error) {
      this.#logger.error({ path, error }, "A call of a model could not be recorded");
    }
  }
}

/** Makes the folder, and takes away what an earlier process recorded. */
async function clear(key: string): Promise<void> {
  const folder = dirname(key);
  await mkdir(folder, { recursive: true });
  const begin = `${key.slice(folder.length + 1)}-`;
  for (const name of await readdir(folder)) {
    if (name.startsWith(begin) && /^\d+\.json$/.test(name.slice(begin.length))) await rm(join(folder, name));
  }
}

interface TakenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly chunks: readonly RecordedChunk[];
}

class OpenRecording implements AnswerRecording {
  readonly #startMs = performance.now();
  readonly #take: (answer: TakenAnswer) => void;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: RecordedChunk[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(take: (answer: TakenAnswer) => void) {
    this.#take = take;
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  chunk(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_ANSWER_BYTES) {
      this.abandon();
      return;
    }
    const afterMs = Math.round((performance.now() - this.#startMs) * 10) / 10;
    this.#chunks.push({ afterMs, bytes });
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#take({ status: this.#status, headers: this.#headers, chunks: this.#chunks });
    this.#chunks = [];
  }

  abandon(): void {
    this.#isOver = true;
    this.#chunks = [];
  }
}

function storedRequest(call: RecordableCall, secrets: readonly string[]): RecordingFile["request"] {
  const text = withoutSecrets(Buffer.from(call.body ?? new Uint8Array()).toString(), secrets);
  let body = storedText(text);
  if ("json" in body) body = { ...body, json: redacted(body.json) };
  else body = reducedText(text);
  return {
    method: call.method,
    path: pathWithoutSecrets(call.path),
    headers: keptHeaders(call.headers, keptRequestHeader, secrets),
    body,
  };
}

/** JSON that is written in a way of its own keeps it unless something in it is secret. */
function reducedText(text: string): { readonly json: unknown } | { readonly text: string } {
  try {
    const value: unknown = JSON.parse(text);
    const reduced = redacted(value);
    return reduced === value ? { text } : { json: reduced };
  } catch {
    return { text };
  }
}

function storedAnswer(answer: TakenAnswer, secrets: readonly string[]): RecordingFile["answer"] {
  const chunks = decoded(answer.chunks, answer.headers["content-encoding"]);
  return {
    status: answer.status,
    headers: {
      ...keptHeaders(answer.headers, keptAnswerHeader, secrets),
      ...(chunks === undefined && { "content-encoding": String(answer.headers["content-encoding"]) }),
    },
    chunks: (chunks ?? answer.chunks).map(({ afterMs, bytes }) => {
      const stored = storedBytes(bytes);
      if ("base64" in stored || secrets.length === 0) return { afterMs, ...stored };
      const text = Buffer.from(bytes).toString();
      const clean = withoutSecrets(text, secrets);
      return { afterMs, ...(clean === text ? stored : storedText(clean)) };
    }),
  };
}

function keptHeaders(
  headers: IncomingHttpHeaders,
  isKept: (name: string) => boolean,
  secrets: readonly string[],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && isKept(name)) kept[name] = withoutSecrets([value].flat().join(", "), secrets);
  }
  return kept;
}

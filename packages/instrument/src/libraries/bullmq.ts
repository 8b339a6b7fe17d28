import { type Attributes, trace } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { carried, contextOf } from "../messaging/message-context.ts";
import { markFailed, runIn, type Started, startProcess, startSend } from "../messaging/message-spans.ts";
import { instrumentationOf } from "../module-patch.ts";

/** What BullMQ asks of a span: its own attributes and what happened to the job. */
interface JobSpan {
  setSpanOnContext(from: unknown): unknown;
  setAttribute(name: string, value: unknown): void;
  setAttributes(attributes: Readonly<Record<string, unknown>>): void;
  addEvent(name: string, attributes?: unknown): void;
  recordException(error: unknown): void;
  end(): void;
}

type Work = (span?: JobSpan, metadata?: string) => unknown;

/** BullMQ runs each of its operations by this function; without telemetry it only calls `work`. */
type Trace = (
  telemetry: unknown,
  kind: number,
  queue: string,
  operation: string,
  destination: string,
  work: Work,
  metadata?: string,
) => Promise<unknown>;

const tracer = trace.getTracer("clew.bullmq");
const NAME = "bullmq";
const VERSIONS = [">=5.25 <7"];
const PRODUCER = 3;
const CONSUMER = 4;

/**
 * Jobs carry their context in the option that BullMQ has for it, `telemetry.metadata`. A queue or worker for which
 * the agent set up telemetry of its own is left to it.
 */
export const bullmq: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.bullmq", [
      { module: NAME, versions: VERSIONS, files: ["dist/cjs/utils/index.js"], patch: patchTrace },
      { module: NAME, versions: VERSIONS, files: ["dist/cjs/classes/worker.js"], patch: patchWorker },
    ]),
};

function patchTrace(exports: Record<string, unknown>): void {
  const original = exports.trace as Trace;
  const traced: Trace = async (telemetry, kind, queue, operation, destination, work, metadata) => {
    const untraced = () => original(telemetry, kind, queue, operation, destination, work, metadata);
    if (telemetry || (kind !== PRODUCER && kind !== CONSUMER)) return untraced();
    const started = attempt(NAME, () => start(kind, queue, operation, metadata));
    if (started === undefined) return untraced();
    const own = kind === PRODUCER ? attempt(NAME, () => JSON.stringify(carried(started.context))) : undefined;
    return runIn(started, () => work(new Adapter(started), own));
  };
  exports.trace = traced;
}

type HandleFailed = (error: unknown, job: unknown, token: string, next: unknown, span?: unknown) => unknown;

/** A span of BullMQ's hears only that a job failed. */
function patchWorker(exports: Record<string, unknown>): void {
  const { prototype } = exports.Worker as { prototype: { handleFailed: HandleFailed } };
  const { handleFailed } = prototype;
  prototype.handleFailed = function (error, job, token, next, span, ...rest: []) {
    if (span instanceof Adapter) span.jobFailed(error);
    return handleFailed.call(this, error, job, token, next, span, ...rest);
  };
}

function start(kind: number, queue: string, operation: string, metadata: string | undefined): Started {
  const facts = { system: NAME, destination: queue, operation };
  if (kind === PRODUCER) return startSend(tracer, facts);
  const headers = JSON.parse(metadata ?? "{}") as Record<string, string>;
  return startProcess(tracer, facts, [contextOf((name) => headers[name])]);
}

const NAMES: Readonly<Record<string, string>> = {
  "bullmq.job.id": "messaging.message.id",
  "bullmq.job.bulk.count": "messaging.batch.message_count",
};

class Adapter implements JobSpan {
  readonly #started: Started;

  constructor(started: Started) {
    this.#started = started;
  }

  setSpanOnContext(from: unknown): unknown {
    return from;
  }

  setAttribute(name: string, value: unknown): void {
    this.setAttributes({ [name]: value });
  }

  /** Results, failures and options of jobs are content. */
  setAttributes(attributes: Readonly<Record<string, unknown>>): void {
    attempt(NAME, () => {
      for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || CONTENT.test(name)) continue;
        const own: Attributes = { [name]: value as string };
        const general = NAMES[name];
        if (general !== undefined)
          own[general] = name === "bullmq.job.id" ? String(value) : (value as number);
        this.#started.span.setAttributes(own);
      }
    });
  }

  addEvent(name: string): void {
    this.#started.span.addEvent(name);
  }

  recordException(error: unknown): void {
    attempt(NAME, () => markFailed(this.#started.span, error));
  }

  /** Some errors are a processor's way to say that a job has to wait. */
  jobFailed(error: unknown): void {
    const { name, message } = (error ?? {}) as Partial<Error>;
    if (WAITING.test(name ?? "") || message === "bullmq:rateLimitExceeded") return;
    this.recordException(error);
  }

  /** Who started it ends it. */
  end(): void {}
}

const WAITING = /^(Delayed|Waiting|WaitingChildren|RateLimit)Error$/;
const CONTENT = /result|reason|options|progress|bulk\.names/;

import { AsyncLocalStorage } from "node:async_hooks";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { countFault, takeFaults } from "../fault.ts";
import { ForeignResource } from "../own-sdk/foreign-resource.ts";
import type { Settings } from "../settings.ts";
import { Batch, type ResourceLike, type Scope } from "./batch.ts";
import { type SendableLog, writeLog } from "./log-encoder.ts";
import type { Parcel, ParcelSink } from "./outbox.ts";
import { type SendableSpan, writeSpan } from "./span-encoder.ts";

const MAX_BATCH_RECORDS = 512;
const MAX_BATCH_BYTES = 512 * 1024;

const OWN_SCOPE: Scope = { name: "@clew/instrument" };
const WARN = 13;

export interface SpanRecord extends SendableSpan {
  readonly resource: ResourceLike;
  readonly instrumentationScope?: Scope;
  /** What SDK 1 calls the scope. */
  readonly instrumentationLibrary?: Scope;
}

export interface LogEntry extends SendableLog {
  readonly resource: ResourceLike;
  readonly instrumentationScope: Scope;
}

/** Sends spans and log records in batches. Nothing here throws, prints or keeps the process running. */
export class Exporter {
  readonly #settings: Settings;
  readonly #resource: ResourceLike;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #outbox: ParcelSink;
  /** Runs work outside of whatever the agent is doing: its contexts must not be kept, nor our work be traced. */
  readonly #outside: <Result>(work: () => Result) => Result;
  readonly #foreign = new WeakMap<ResourceLike, ForeignResource>();
  #spans = new Batch();
  #logs = new Batch();
  /** Requests of other threads, by where they go: several are one when they are put behind each other. */
  readonly #others = new Map<string, Parcel[]>();
  #othersBytes = 0;
  #callOff: (() => void) | undefined;

  /** `resource` is this process's; that of an agent's own SDK is laid over it. */
  constructor(settings: Settings, resource: ResourceLike, outbox: ParcelSink) {
    this.#settings = settings;
    this.#resource = resource;
    this.#outbox = outbox;
    this.#headers = { "content-type": "application/x-protobuf", ...settings.headers };
    const atRoot = AsyncLocalStorage.snapshot();
    this.#outside = (work) => atRoot(() => context.with(suppressTracing(ROOT_CONTEXT), work));
  }

  /** Takes a span that has ended, or tells that one is `running`. */
  addSpan(span: SpanRecord, running: boolean): void {
    this.#write(this.#spans, span, running);
    this.#added(this.#spans);
  }

  #write(batch: Batch, span: SpanRecord, running: boolean): void {
    try {
      const scope = span.instrumentationScope ?? span.instrumentationLibrary ?? OWN_SCOPE;
      batch.add(this.#resourceOf(span.resource), scope, (writer) => writeSpan(writer, span, running));
    } catch (error) {
      countFault("export.span", error);
    }
  }

  addLog(log: LogEntry): void {
    try {
      this.#logs.add(this.#resourceOf(log.resource), log.instrumentationScope, (writer) =>
        writeLog(writer, log),
      );
      this.#added(this.#logs);
    } catch (error) {
      countFault("export.log", error);
    }
  }

  /** Takes what another thread of this process has collected. */
  addParcel(parcel: Parcel): void {
    const { url, body } = parcel;
    const others = this.#others.get(url);
    if (others === undefined) this.#others.set(url, [parcel]);
    else others.push(parcel);
    this.#othersBytes += body.length;
    this.#added({ count: 0, bytes: this.#othersBytes });
  }

  /** A request that announces a span that is open; undefined where it cannot be written. */
  announcement(span: SpanRecord): Parcel | undefined {
    const batch = new Batch();
    this.#write(batch, span, true);
    return batch.count === 0 ? undefined : this.#parcel(this.#settings.tracesUrl, batch);
  }

  /** Sends everything now; resolves when it has arrived, the collector fails, or `ms` have passed. */
  async flush(ms: number): Promise<void> {
    this.#close();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#outside(() => this.#outbox.send()), promise]);
    clearTimeout(timer);
  }

  /** Everything that has not been acknowledged; it is not sent any more. Empty when the collector fails anyway. */
  takeUnsent(): readonly Parcel[] {
    this.#close(true);
    return this.#outbox.failing ? [] : this.#outbox.unsent;
  }

  get hasUnsent(): boolean {
    return this.#spans.count + this.#logs.count + this.#others.size + this.#outbox.unsent.length > 0;
  }

  #resourceOf(resource: ResourceLike): ResourceLike {
    if (resource === this.#resource) return resource;
    let merged = this.#foreign.get(resource);
    if (merged === undefined) {
      merged = new ForeignResource(this.#resource, resource);
      this.#foreign.set(resource, merged);
    }
    return merged;
  }

  #added({ count, bytes }: Pick<Batch, "count" | "bytes">): void {
    if (count >= MAX_BATCH_RECORDS || bytes >= MAX_BATCH_BYTES) this.#close();
    else this.#callOff ??= this.#outside(() => this.#outbox.schedule(() => this.#close()));
  }

  /** Makes parcels of what was collected. */
  #close(keep = false): void {
    this.#callOff?.();
    this.#callOff = undefined;
    try {
      this.#addFaults();
      const parcels: Parcel[] = [];
      if (this.#spans.count > 0) {
        parcels.push(this.#parcel(this.#settings.tracesUrl, this.#spans));
        this.#spans = new Batch();
      }
      if (this.#logs.count > 0) {
        parcels.push(this.#parcel(this.#settings.logsUrl, this.#logs));
        this.#logs = new Batch();
      }
      for (const others of this.#others.values()) parcels.push(joined(others));
      this.#others.clear();
      this.#othersBytes = 0;
      this.#outside(() => {
        for (const parcel of parcels) this.#outbox.put(parcel, keep);
      });
    } catch (error) {
      countFault("export", error);
    }
  }

  #parcel(url: string, batch: Batch): Parcel {
    const { count } = batch;
    return { url, headers: this.#headers, body: batch.finish(), count };
  }

  #addFaults(): void {
    const now = Date.now();
    for (const { name, count, message } of takeFaults()) {
      this.#logs.add(this.#resource, OWN_SCOPE, (writer) =>
        writeLog(writer, {
          hrTime: [Math.floor(now / 1000), (now % 1000) * 1e6],
          hrTimeObserved: [Math.floor(now / 1000), (now % 1000) * 1e6],
          severityNumber: WARN,
          severityText: "WARN",
          eventName: "clew.fault",
          body: message,
          attributes: { "clew.fault.name": name, "clew.fault.count": count },
        }),
      );
    }
  }
}

/** Requests to one address as one: their bytes, one after the other, are what has the records of all. */
function joined(parcels: readonly Parcel[]): Parcel {
  const body = new Uint8Array(parcels.reduce((sum, part) => sum + part.body.length, 0));
  let at = 0;
  let count = 0;
  for (const part of parcels) {
    body.set(part.body, at);
    at += part.body.length;
    count += part.count;
  }
  return { ...(parcels[0] as Parcel), body, count };
}

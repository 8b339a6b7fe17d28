import type { Signal } from "@clew/protocol/signal";

/** What a receiver knows of a request besides its bytes. */
export interface Source {
  readonly protocol: "grpc" | "http/protobuf" | "http/json" | "zipkin" | "import";
  /** `address:port`; empty when it could not be told. */
  readonly peer: string;
  readonly userAgent: string;
  /** Path of the request, as sent. */
  readonly path: string;
}

export interface Accepted {
  /** Spans, log records or data points that were taken. */
  readonly records: number;
  readonly rejected: number;
  /** Why records were rejected, or a warning; empty when there is nothing to say. */
  readonly message: string;
  /** First `service.name` of the request; empty when it has none. */
  readonly service: string;
}

/** Where receivers hand in what they received. */
export interface Intake {
  /**
   * Inspects, appends and fsyncs the bytes of an OTLP `Export<Signal>ServiceRequest` in protobuf; resolves
   * when they are durable. Rejects with `MalformedOtlp`, `Overloaded`, `DiskFull` or `LogWriteFailed`.
   * The buffer is the intake's until the promise settles, and must not be kept longer: it is used again.
   */
  accept(signal: Signal, body: Uint8Array, source: Source): Promise<Accepted>;
}

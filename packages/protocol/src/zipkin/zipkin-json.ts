/** A span of Zipkin's v2 API; times and lengths in microseconds. What is not known is absent. */
export interface ZipkinJsonSpan {
  /** 16 or 32 lower-case hex digits. */
  readonly traceId: string;
  readonly parentId?: string;
  readonly id: string;
  readonly kind?: "CLIENT" | "SERVER" | "PRODUCER" | "CONSUMER";
  readonly name?: string;
  readonly timestamp?: number;
  /** At least 1. */
  readonly duration?: number;
  readonly localEndpoint?: ZipkinJsonEndpoint;
  readonly remoteEndpoint?: ZipkinJsonEndpoint;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly debug?: true;
}

export interface ZipkinJsonEndpoint {
  readonly serviceName?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly port?: number;
}

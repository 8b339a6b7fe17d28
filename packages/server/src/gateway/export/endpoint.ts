/** Where spans are sent: OTLP over HTTP, protobuf. */
export interface Endpoint {
  /** Of the traces, whole: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: URL;
  /** Credentials among them; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  /** For one request, from connecting to the whole answer. */
  readonly timeoutMs: number;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * `base` is what OpenTelemetry calls the endpoint: `/v1/traces` is added where its path doesn't end so. Throws
 * TypeError for what is no URL of HTTP. Bytes on the same machine are not worth the time to compress them.
 */
export function endpointOf(
  base: string,
  headers: Readonly<Record<string, string>> = {},
  options: { readonly gzip?: boolean | undefined; readonly timeoutMs?: number | undefined } = {},
): Endpoint {
  const url = new URL(base);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new TypeError("It must be an http:// or https:// URL");
  if (!/\/v1\/traces\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/traces`;
  const credentials: Record<string, string> = {};
  if (url.username !== "") {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    credentials.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    url.username = "";
    url.password = "";
  }
  return {
    url,
    headers: { ...credentials, ...headers },
    gzip: options.gzip ?? !LOOPBACK.test(url.hostname),
    timeoutMs: options.timeoutMs ?? 10_000,
  };
}

/** What people and metrics call it: without credentials, query and fragment. */
export function nameOf({ url }: Endpoint): string {
  return `${url.origin}${url.pathname}`;
}

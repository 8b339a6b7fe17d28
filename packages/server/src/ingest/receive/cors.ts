const PREFLIGHT_MAX_AGE_S = "7200";

/** Which pages of other origins may send from a browser. */
export class Cors {
  readonly #all: boolean;
  readonly #origins: ReadonlySet<string>;

  /** Origins such as `https://app.example.com`, or `*` for every one. */
  constructor(origins: readonly string[]) {
    this.#all = origins.includes("*");
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
  }

  allows(origin: string): boolean {
    return this.#all || this.#origins.has(origin.toLowerCase());
  }

  /** Headers of an answer to `origin`. */
  headers(origin: string): Record<string, string> {
    if (!this.allows(origin)) return {};
    return {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "retry-after",
      vary: "Origin",
    };
  }

  /** Headers of the answer to a preflight that asks for `requestedHeaders`. */
  preflightHeaders(origin: string, requestedHeaders: string | undefined): Record<string, string> {
    return {
      ...this.headers(origin),
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": requestedHeaders ?? "content-type, content-encoding, authorization",
      "access-control-allow-private-network": "true",
      "access-control-max-age": PREFLIGHT_MAX_AGE_S,
    };
  }
}

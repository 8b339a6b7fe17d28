import { hash } from "node:crypto";

/** How many requests back a repeat is recognised. */
const REMEMBERED = 8_192;

/**
 * Requests of signals whose records have no id of their own. A log or metrics request that comes again byte for
 * byte is a client's retry: its records carry times in nanoseconds, which do not repeat by themselves.
 */
export class RecentRequests {
  #current = new Set<string>();
  #previous = new Set<string>();

  /** True when the request is new; it is remembered from then on. */
  remember(body: Uint8Array): boolean {
    const digest = hash("sha256", body, "base64");
    if (this.#current.has(digest) || this.#previous.has(digest)) return false;
    if (this.#current.size >= REMEMBERED) {
      this.#previous = this.#current;
      this.#current = new Set();
    }
    this.#current.add(digest);
    return true;
  }
}

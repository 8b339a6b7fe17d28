import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * Where a token may come: in a header of its own, or where clients of models put their key, so that they need no
 * change. The one that held it is not sent on.
 */
const HEADERS = ["x-clew-token", "authorization", "x-api-key", "api-key", "x-goog-api-key"];

/** The header that holds the token, lower case; undefined when none does. Takes the same time for any wrong token. */
export class TokenCheck {
  readonly #wanted: Buffer;

  constructor(token: string) {
    this.#wanted = digest(token);
  }

  headerOf(headers: IncomingHttpHeaders): string | undefined {
    let found: string | undefined;
    for (const name of HEADERS) {
      const value = headers[name];
      if (typeof value !== "string") continue;
      const given = name === "authorization" ? value.replace(/^bearer +/i, "").trim() : value;
      if (timingSafeEqual(digest(given), this.#wanted)) found ??= name;
    }
    return found;
  }
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

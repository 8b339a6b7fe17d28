import { hash, timingSafeEqual } from "node:crypto";

/** Decides over an `Authorization` header. */
export type Authorize = (authorization: string | undefined) => boolean;

/** Takes `Bearer <token>` in a time that tells nothing about the token; everything when there is none. */
export function bearerToken(token: string | undefined): Authorize {
  if (token === undefined) return () => true;
  const wanted = digest(token);
  return (authorization) => {
    const given = tokenOf(authorization);
    return given !== undefined && timingSafeEqual(digest(given), wanted);
  };
}

/** What a header presents as bearer token; undefined when it presents none. */
export function tokenOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)\s*$/i.exec(authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

export const TOKEN_HINT = "Set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<token>";

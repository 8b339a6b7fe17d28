/** A failure the caller can act on. Anything else that is thrown is a bug. */
export abstract class PublicError extends Error {
  /** Public and permanent; callers match this, not the message. Listed in docs/guide/errors.md. */
  abstract readonly code: string;
  /** HTTP status the API answers with. */
  abstract readonly status: 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 429 | 499 | 500 | 503 | 507;
  override readonly name: string = this.constructor.name;
}

import { PublicError } from "../errors.ts";

/** The bytes are not the OTLP message they claim to be. Sending them again cannot help. */
export class MalformedOtlp extends PublicError {
  readonly code = "malformed_otlp";
  readonly status = 400;
}

/** More arrives than can be kept at this moment; the sender should come again. */
export class Overloaded extends PublicError {
  readonly code = "overloaded";
  readonly status: 429 | 503;
  /** After how long trying again makes sense. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, status: 429 | 503 = 503) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.status = status;
  }
}

/** The disk, or the quota of this user on it, has no room for the durable log. Reading goes on. */
export class DiskFull extends PublicError {
  readonly code = "disk_full";
  readonly status = 507;
  readonly retryAfterMs = 10_000;

  constructor(dir: string, options?: ErrorOptions) {
    super(`No room left on the disk that holds ${dir}; free some or lower the retention`, options);
  }
}

/** The disk refused the durable log for another reason than room. What was being written is not kept. */
export class LogWriteFailed extends PublicError {
  readonly code = "log_write_failed";
  readonly status = 503;
  readonly retryAfterMs = 5_000;

  constructor(dir: string, options: { cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`The durable log in ${dir} cannot be written: ${reason}`, options);
  }
}

/** The body, as sent or after decompression, is larger than this receiver takes. */
export class BodyTooLarge extends PublicError {
  readonly code = "body_too_large";
  readonly status = 413;

  constructor(maxBytes: number, compressed: boolean, options?: ErrorOptions) {
    const mib = maxBytes / (1024 * 1024);
    const size = Number.isInteger(mib) ? `${mib} MiB` : `${maxBytes} bytes`;
    const when = compressed ? " after decompression" : "";
    super(`The request is larger than ${size}${when}; send smaller batches`, options);
  }
}

/** The body does not inflate with the encoding it is labelled with, or ends too early. */
export class UnreadableBody extends PublicError {
  readonly code = "unreadable_body";
  readonly status = 400;
}

/** A content type or content encoding that no receiver understands. */
export class UnsupportedBody extends PublicError {
  readonly code = "unsupported_body";
  readonly status = 415;
}

/** Somebody else listens on the port. */
export class PortTaken extends PublicError {
  readonly code = "port_taken";
  readonly status = 409;
  readonly port: number;

  constructor(port: number, setting: string, holder: string, options?: ErrorOptions) {
    super(
      `Port ${port} is taken, probably by ${holder}; stop it, or choose another port with ${setting}`,
      options,
    );
    this.port = port;
  }
}

/** A receiver cannot listen where it should, for another reason than that the port is taken. */
export class ListenFailed extends PublicError {
  readonly code = "listen_failed";
  readonly status = 500;

  constructor(host: string, port: number, options: { cause: unknown }) {
    const { code, message } = options.cause as NodeJS.ErrnoException;
    const reason =
      code === "EACCES"
        ? "ports below 1024 need more rights than this user has"
        : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
          ? "this machine has no such address"
          : message;
    super(`Cannot listen on ${host} port ${port}: ${reason}`, options);
  }
}

import { PublicError } from "../errors.ts";

/** A parameter has a value that is not allowed, is given too often, or is not known. */
export class InvalidParameter extends PublicError {
  readonly code = "invalid_parameter";
  readonly status = 400;
  readonly parameter: string;

  constructor(parameter: string, problem: string) {
    super(`${parameter} ${problem}`);
    this.parameter = parameter;
  }
}

/** The request has no token, or not the one this server asks for. */
export class Unauthorized extends PublicError {
  readonly code = "unauthorized";
  readonly status = 401;

  constructor(hasToken: boolean) {
    super(hasToken ? "The token is not the one this server asks for" : "This server asks for a token");
  }
}

/** The request names the server as a page on another site would: a browser was led here. */
export class HostNotAllowed extends PublicError {
  readonly code = "host_not_allowed";
  readonly status = 403;

  constructor(host: string) {
    super(`This server does not answer to the name ${JSON.stringify(host)}`);
  }
}

/** A page of another origin asks. */
export class OriginNotAllowed extends PublicError {
  readonly code = "origin_not_allowed";
  readonly status = 403;

  constructor(origin: string) {
    super(`Pages of ${JSON.stringify(origin)} may not ask this server`);
  }
}

/** Nothing is at this path, or nothing that takes this method. */
export class RouteNotFound extends PublicError {
  readonly code = "not_found";
  readonly status = 404;

  constructor(method: string, path: string) {
    super(`There is nothing for ${method} ${path}`);
  }
}

/** Answering took longer than this server gives any request. */
export class RequestTimeout extends PublicError {
  readonly code = "request_timeout";
  readonly status = 408;

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`No answer was found within ${timeoutMs / 1000} s; ask for less`, options);
  }
}

/** As many exports as the server makes at once are under way, and none ended while this one waited. */
export class TooManyExports extends PublicError {
  readonly code = "too_many_exports";
  readonly status = 503;
  readonly retryAfterS = 10;

  constructor(options?: ErrorOptions) {
    super("Other exports are under way, and none of them has ended", options);
  }
}

/** The server is shutting down. */
export class ShuttingDown extends PublicError {
  readonly code = "shutting_down";
  readonly status = 503;

  constructor(options?: ErrorOptions) {
    super("The server is shutting down", options);
  }
}

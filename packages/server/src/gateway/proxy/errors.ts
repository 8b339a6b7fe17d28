import { PublicError } from "../../errors.ts";

/** Another process listens where the gateway should. */
export class GatewayPortTaken extends PublicError {
  readonly code = "gateway_port_taken";
  readonly status = 409;

  constructor(host: string, port: number, options?: ErrorOptions) {
    super(
      `${host}:${port} is taken by another program; choose another port with --port or listeners in clew.yaml`,
      options,
    );
  }
}

/** The gateway can't listen there, or its certificate can't be used. */
export class GatewayListenFailed extends PublicError {
  readonly code = "gateway_listen_failed";
  readonly status = 500;

  constructor(place: string, options: { readonly cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`The gateway can't listen on ${place}: ${reason}`, options);
  }
}

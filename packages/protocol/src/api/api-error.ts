/** Body of every answer that is not a success. `code` is permanent and listed in docs/guide/errors.md. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** What to change, when that can be said. */
    readonly hint?: string;
    /** The ids that a too short prefix may mean; only with `trace_ambiguous`. */
    readonly candidates?: readonly string[];
    /** Where in the query the fault is, in UTF-16 units; only with `invalid_query`. */
    readonly position?: QueryPosition;
    /** Names this request in the server's log. */
    readonly requestId?: string;
  };
}

export interface QueryPosition {
  readonly offset: number;
  /** May be 0, where something is missing. */
  readonly length: number;
}

/** The server answered, and the answer is an error. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly candidates: readonly string[];
  readonly position: QueryPosition | undefined;
  readonly requestId: string | undefined;

  constructor(status: number, body: ErrorBody) {
    super(body.error.message);
    this.status = status;
    this.code = body.error.code;
    this.hint = body.error.hint;
    this.candidates = body.error.candidates ?? [];
    this.position = body.error.position;
    this.requestId = body.error.requestId;
  }
}

/** No answer came: nothing listens there, the name is unknown, or the connection broke. */
export class ServerUnreachable extends Error {
  override readonly name = "ServerUnreachable";
  readonly code = "server_unreachable";
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`No answer from ${url}`, { cause });
    this.url = url;
  }
}

/** The error an answer carries; an answer that is not the API's own (a proxy's page, say) keeps its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  const body = parseBody(text);
  return body === undefined ? foreignAnswer(response, text) : new ApiError(response.status, body);
}

/** The error for an answer that no Clew server gives. */
export function foreignAnswer(response: Response, text: string): ApiError {
  const message = `${response.status} ${response.statusText}: ${text.slice(0, 200)}`;
  const hint = "Is this the address of a Clew server?";
  return new ApiError(response.status, { error: { code: "unexpected_answer", message, hint } });
}

function parseBody(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    return typeof body?.error?.code === "string" ? (body as ErrorBody) : undefined;
  } catch {
    return undefined;
  }
}

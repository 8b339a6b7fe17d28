import { ApiError } from "@clew/protocol/api/api-error";
import { ApiClient } from "@clew/protocol/api/client";

const TOKEN_KEY = "clew.token";
const MOST_ATTEMPTS = 3;

function storedToken(): string | undefined {
  return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
}

/** The server that the page came from. `fetch` is for those who want to see answers begin. */
export function apiClient(fetch?: typeof globalThis.fetch): ApiClient {
  return new ApiClient({ baseUrl: location.origin, token: storedToken(), ...(fetch && { fetch }) });
}

export const api = apiClient();

/** Keeps the token until the tab is closed, and begins again with it. */
export function signIn(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
  location.reload();
}

/** What the server refuses it refuses again; what did not come may come. */
export function shouldAskAgain(attempts: number, error: Error): boolean {
  const isFinal = error instanceof ApiError && error.status < 500;
  return !isFinal && attempts < MOST_ATTEMPTS;
}

/** Whether a token was given; one that the server does not take is no sign-in. */
export function hasToken(): boolean {
  return storedToken() !== undefined;
}

export function isTokenNeeded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

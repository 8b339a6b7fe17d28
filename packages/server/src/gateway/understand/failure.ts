import { type Fields, fields } from "./text/value.ts";

export interface Failure {
  /** The provider's own code, such as `rate_limit_exceeded` or `overloaded_error`; empty when it gives none. */
  readonly type: string;
  readonly message: string;
}

/**
 * What went wrong by an answer's body or an event of its stream, in the words of OpenAI (`error.code`, `error.type`),
 * Anthropic (`type: "error"`), Google (`error.status`) and servers like theirs; undefined when it states no error.
 */
export function failureOf(value: unknown): Failure | undefined {
  const outer = fields(Array.isArray(value) ? value[0] : value);
  if (typeof outer.error === "string")
    return { type: code(outer.error) ?? "", message: textIn(outer) || outer.error };
  const isEvent = outer.type === "error";
  if (typeof outer.error !== "object" || outer.error === null) {
    return isEvent ? { type: code(outer.code) ?? "", message: textIn(outer) } : undefined;
  }
  const inner = outer.error as Fields;
  const type = code(inner.code) ?? code(inner.type) ?? code(inner.status);
  return { type: type ?? "", message: textIn(inner) };
}

/** What an answer with an error's status says; its message may stand anywhere. */
export function failureOfStatus(status: number, body: unknown): Failure {
  const stated = failureOf(body);
  const outer = fields(body);
  const type = stated?.type || code(outer.code) || code(outer.type) || String(status);
  return { type, message: stated?.message || textIn(outer) };
}

function code(value: unknown): string | undefined {
  return typeof value === "string" && /^[A-Za-z_][\w.-]{0,59}$/.test(value) ? value : undefined;
}

function textIn({ message, detail }: Fields): string {
  return typeof message === "string" ? message : typeof detail === "string" ? detail : "";
}

const MAX_MESSAGE = 2000;

/** What looks like a key by its beginning, its place or its form. */
const SECRETS =
  /\b(?:bearer|basic)\s+[^\s"',;]+|\b(?:sk|pk|rk|gsk|xai|hf|r8|pplx|fw|nvapi|ghp|gho|glpat|xox[abp])[-_][\w*.-]{6,}|\bAIza[\w*-]{8,}|\bAKIA[A-Z0-9]{12,}|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|([?&](?:[\w-]*key|[\w-]*token|sig|signature|secret|password|code)=)[^&\s"']+/gi;
/** Providers put what they refuse into the message: any long word can be it. */
const LONG_WORDS = /[\w*+/=.-]{16,}/g;

/** An error's text for people, at most 2,000 characters, without what looks like a secret. */
export function withoutSecrets(message: string, status: number): string {
  const short = message.slice(0, MAX_MESSAGE);
  const masked = short.replace(SECRETS, (_found, query: string | undefined) => `${query ?? ""}[secret]`);
  if (status !== 401 && status !== 403) return masked;
  return masked.replace(LONG_WORDS, (word) => (/\d|\*/.test(word) ? "[secret]" : word));
}

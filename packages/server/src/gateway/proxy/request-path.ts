/** The target of a request, apart. */
export interface RequestPath {
  /** Begins with `/`; as it came, encoded. */
  readonly path: string;
  /** With its `?`; empty without one. May hold credentials. */
  readonly query: string;
}

/**
 * Undefined for what isn't a path, and for one with `.` or `..` in it, also encoded: what is below a route must not
 * lead out of it.
 */
export function requestPath(target: string): RequestPath | undefined {
  let text = target;
  if (!text.startsWith("/")) {
    const [, rest] = /^https?:\/\/[^/?#]*(.*)$/i.exec(text) ?? [];
    if (rest === undefined) return undefined;
    text = rest.startsWith("/") ? rest : `/${rest}`;
  }
  const end = text.search(/[?#]/);
  const path = end === -1 ? text : text.slice(0, end);
  if (path.includes(".") || path.includes("%")) {
    if (/(^|[/\\]|%2f|%5c)(\.|%2e){1,2}($|[/\\;]|%2f|%5c)/i.test(path)) return undefined;
  }
  return { path, query: end === -1 || text[end] === "#" ? "" : text.slice(end).replace(/#.*$/s, "") };
}

/** What of `path` is below `prefix`, beginning with `/` or empty; undefined when it is elsewhere. */
export function pathBelow(prefix: string, path: string): string | undefined {
  if (prefix === "/") return path;
  if (!path.startsWith(prefix)) return undefined;
  const rest = path.slice(prefix.length);
  return rest === "" || rest.startsWith("/") ? rest : undefined;
}

/** Gemini's API names the model in the path; other paths stay as they are. */
export function withModelInPath(path: string, model: string): string {
  return path.replace(/(\/models\/)[^/:]+(?=:)/, (_, before: string) => before + encodeURIComponent(model));
}

const VERSION = /^\/v\d+[a-z0-9]*(?=\/|$)/;

/**
 * The path at an upstream. Where its base names a version of its API (`/api/v1`, `/v1beta/openai`), the version at the
 * beginning of the request's path is the same one, and doesn't come twice.
 */
export function upstreamPath(base: string, rest: string): string {
  const start = base.replace(/\/+$/, "");
  if (start === "") return rest === "" ? "/" : rest;
  const tail = /\/v\d/.test(start) ? rest.replace(VERSION, "") : rest;
  return start + tail;
}

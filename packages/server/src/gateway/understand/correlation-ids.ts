import type { IncomingHttpHeaders } from "node:http";
import type { Values } from "./call.ts";
import { parseJson } from "./text/read-json.ts";
import { type Fields, fields, idOf } from "./text/value.ts";

/** Attributes by the names that people give them in metadata, without case, dots, dashes and underscores. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["sessionid", "session.id"],
  ["conversationid", "gen_ai.conversation.id"],
  ["threadid", "gen_ai.conversation.id"],
  ["taskid", "task.id"],
  ["testcaseid", "test.case.id"],
  ["testsuiterunid", "test.suite.run.id"],
  ["testrunid", "test.suite.run.id"],
  ["userid", "user.id"],
]);

const MAX_FIELDS = 64;

/** Ids among the fields of an object that a caller may fill as it likes. Other fields are not read. */
export function idsAmong(metadata: unknown): Values {
  const ids: Record<string, string> = {};
  let count = 0;
  for (const key in fields(metadata)) {
    if (++count > MAX_FIELDS) break;
    const name = NAMES.get(key.toLowerCase().replace(/[-_.]/g, ""));
    const id = name === undefined ? undefined : idOf((metadata as Fields)[key]);
    if (name !== undefined && id !== undefined) ids[name] ??= id;
  }
  return ids;
}

/** Headers in which programs name the session of a request. */
const HEADERS: readonly (readonly [header: string, name: string])[] = [
  ["x-claude-code-session-id", "session.id"],
  ["session_id", "session.id"],
  ["conversation_id", "gen_ai.conversation.id"],
];

export function idsOfHeaders(headers: IncomingHttpHeaders): Values {
  const ids: Record<string, string> = {};
  for (const [header, name] of HEADERS) {
    const id = idOf(headers[header]);
    if (id !== undefined) ids[name] = id;
  }
  return ids;
}

/**
 * Anthropic's `metadata.user_id`, into which Claude Code puts more than a user: as
 * `user_<hash>_account_<id>_session_<id>`, or as the text of a JSON object.
 */
export function idsOfAnthropicUser(given: unknown): Values {
  if (typeof given !== "string" || given === "" || given.length > 2048) return {};
  const parts = /^user_([^_]+)_account_([^_]*)_session_([\w-]+)$/.exec(given);
  if (parts !== null) return { "user.id": parts[2] || parts[1], "session.id": parts[3] };
  if (given.startsWith("{")) {
    const { session_id, account_uuid, device_id } = fields(parseJson(given));
    return { "user.id": idOf(account_uuid) ?? idOf(device_id), "session.id": idOf(session_id) };
  }
  return { "user.id": idOf(given) };
}

import type { ResolvedId, ResolvedKind } from "@clew/protocol/api/resolve";
import type { IconName } from "../../elements/icon.tsx";
import { type GroupKind, groupAddress } from "../../sessions/group-address.ts";
import { tracesWith } from "../../traces/trace-filter.ts";

export const KIND_LABELS: Readonly<Record<ResolvedKind, string>> = {
  trace: "Trace",
  span: "Span",
  session: "Session",
  conversation: "Conversation",
  task: "Task",
  testCase: "Test case",
  testRun: "Test run",
  user: "User",
};

export const KIND_ICONS: Readonly<Record<ResolvedKind, IconName>> = {
  trace: "traces",
  span: "internal",
  session: "prompt",
  conversation: "prompt",
  task: "evaluator",
  testCase: "guardrail",
  testRun: "guardrail",
  user: "user",
};

/** Where what has the id is shown. */
export function addressOf({ kind, id, traceId }: ResolvedId): string {
  if (kind === "trace") return `/traces/${id}`;
  if (kind === "span") return `/traces/${traceId}?span=${id}`;
  if (kind === "session" || kind === "task") return groupAddress(kind satisfies GroupKind, id);
  return tracesWith(kind, id);
}

/** What a page is about, by its address; undefined where it is about nothing with an id. */
export function idAt(path: string): ResolvedId | undefined {
  const [, kind, segment] = /^\/(trace|session|task)s\/([^/]+)$/.exec(path) ?? [];
  if (kind === undefined || segment === undefined) return undefined;
  if (kind === "trace") return /^[0-9a-f]{32}$/.test(segment) ? { kind, id: segment } : undefined;
  try {
    return { kind: kind as GroupKind, id: decodeURIComponent(segment) };
  } catch {
    return undefined;
  }
}

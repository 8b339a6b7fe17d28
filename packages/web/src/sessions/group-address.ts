/** What traces are grouped by. */
export type GroupKind = "session" | "task";

/** A page about sessions or tasks: about one where it has an id, else the list. */
export interface GroupPlace {
  readonly kind: GroupKind;
  readonly id?: string;
}

/** Undefined for the paths of other pages. */
export function groupAt(path: string): GroupPlace | undefined {
  const [, kind, segment] = /^\/(session|task)s(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  if (kind !== "session" && kind !== "task") return undefined;
  return segment === undefined ? { kind } : { kind, id: decoded(segment) };
}

/** The page about one session or task. */
export function groupAddress(kind: GroupKind, id: string): string {
  return `/${kind}s/${encodeURIComponent(id)}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

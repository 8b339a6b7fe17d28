import { type Place, withQuery } from "../location/place.ts";
import type { GroupKind } from "./group-address.ts";

const addresses: Record<GroupKind, string> = { session: "/sessions", task: "/tasks" };

/** Remembers the list that is shown. */
export function rememberGroupList(kind: GroupKind, place: Place): void {
  addresses[kind] = withQuery(place, {});
}

/** The list as it was left; all of them for who came another way. */
export function lastGroupList(kind: GroupKind): string {
  return addresses[kind];
}

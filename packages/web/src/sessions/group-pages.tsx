import type { Place } from "../location/place.ts";
import type { GroupPlace } from "./group-address.ts";
import { GroupListPage } from "./group-list-page.tsx";
import { GroupPage } from "./group-page.tsx";

/** The pages of sessions, and those of tasks: they differ in words only. */
export function GroupPages({ at: { kind, id }, place }: { readonly at: GroupPlace; readonly place: Place }) {
  return id === undefined ? (
    <GroupListPage key={kind} kind={kind} place={place} />
  ) : (
    <GroupPage key={`${kind} ${id}`} kind={kind} id={id} place={place} />
  );
}

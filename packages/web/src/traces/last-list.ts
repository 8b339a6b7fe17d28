import { type Place, withQuery } from "../location/place.ts";

let address = "/traces";

/** Remembers the list that is shown. */
export function rememberList(place: Place): void {
  address = withQuery(place, {});
}

/** The list as it was left, with its filter and page; all traces for who came another way. */
export function lastList(): string {
  return address;
}

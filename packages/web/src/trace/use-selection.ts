import type { Place } from "../location/place.ts";
import { useWritten } from "./use-written.ts";

/** The id of the selected span, kept in the page's address. */
export function useSelection(place: Place): readonly [string | undefined, (id: string | undefined) => void] {
  return useWritten(place, "span");
}

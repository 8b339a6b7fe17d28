import { useSyncExternalStore } from "react";
import { FACETS_SHOWN } from "../settings/preferences.ts";

/** Narrower windows need their width for the list. */
const ROOMY = matchMedia("(min-width: 1280px)");

function areShown(): boolean {
  return FACETS_SHOWN.value === "auto" ? ROOMY.matches : FACETS_SHOWN.value === "shown";
}

export function toggleFacets(): void {
  FACETS_SHOWN.choose(areShown() ? "hidden" : "shown");
}

function subscribe(listener: () => void): () => void {
  const leave = FACETS_SHOWN.subscribe(listener);
  ROOMY.addEventListener("change", listener);
  return () => {
    leave();
    ROOMY.removeEventListener("change", listener);
  };
}

/** Whether facets stand beside the list: as was chosen, else where the window is wide. */
export function useFacetsShown(): boolean {
  return useSyncExternalStore(subscribe, areShown);
}

import { useSyncExternalStore } from "react";
import { SIDE_BAR } from "../settings/preferences.ts";

/** Narrower windows have no width to spare for words. */
const ROOMY = matchMedia("(min-width: 1440px)");

function isWide(): boolean {
  return SIDE_BAR.value === "auto" ? ROOMY.matches : SIDE_BAR.value === "wide";
}

export function toggleSideBar(): void {
  SIDE_BAR.choose(isWide() ? "narrow" : "wide");
}

function subscribe(listener: () => void): () => void {
  const leave = SIDE_BAR.subscribe(listener);
  ROOMY.addEventListener("change", listener);
  return () => {
    leave();
    ROOMY.removeEventListener("change", listener);
  };
}

/** Whether the side bar has room for words: as was chosen, else where the window is wide. */
export function useSideBarWide(): boolean {
  return useSyncExternalStore(subscribe, isWide);
}

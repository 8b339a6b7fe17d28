import type { RefObject } from "react";
import { useKeys } from "../location/use-keys.ts";

/** `j`, `k` and the arrows move the focus between the rows' links; into the list when it is elsewhere. */
export function useRowKeys(rows: RefObject<HTMLElement | null>): void {
  const next = (): boolean => moveFocus(rows.current, 1);
  const previous = (): boolean => moveFocus(rows.current, -1);
  useKeys({ j: next, k: previous, ArrowDown: next, ArrowUp: previous });
}

function moveFocus(rows: HTMLElement | null, by: number): boolean {
  const links = [...(rows?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
  if (links.length === 0) return false;
  const rowOf = (link: HTMLAnchorElement): Element => link.closest("tr, [data-turn]") ?? link;
  const at = links.findIndex((link) => rowOf(link).contains(document.activeElement));
  const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

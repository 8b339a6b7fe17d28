import { createContext, use } from "react";
import type { Crosshair } from "./crosshair.ts";
import type { Looks } from "./looks.ts";
import type { RequestQueue } from "./request-queue.ts";

/** What the charts of a page have in common. */
export interface MetricsPageParts {
  readonly queue: RequestQueue;
  readonly crosshair: Crosshair;
  readonly looks: Looks;
  /** The time of all charts, Unix milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

export const MetricsContext = createContext<MetricsPageParts | undefined>(undefined);

export function useMetricsPage(): MetricsPageParts {
  const parts = use(MetricsContext);
  if (parts === undefined) throw new Error("A chart stands outside of a page of charts");
  return parts;
}

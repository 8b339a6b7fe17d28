import type { RefObject } from "react";
import type { Place } from "../location/place.ts";
import type { HeatName } from "../trace/heat.ts";
import type { TimeWindow } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";

/** What the views of lanes are shown with. Rows are those of the analysed trace. */
export interface LanesViewProps {
  readonly analysed: AnalysedTrace;
  readonly whole: TimeWindow;
  readonly window: TimeWindow;
  /** What is looked for; empty for nothing. */
  readonly find: string;
  /** Only agents, models and tools. */
  readonly isBrief: boolean;
  readonly showsPath: boolean;
  /** What bars are coloured by; undefined for what they are. */
  readonly heat: HeatName | undefined;
  readonly place: Place;
  /** -1 for none. */
  readonly selected: number;
  /** Gets the focus when details are left. */
  readonly grid: RefObject<HTMLDivElement | null>;
  readonly onSelect: (span: number) => void;
  readonly onZoom: (window: TimeWindow) => void;
  /** Into the details of the selected span. */
  readonly onEnter: () => void;
}

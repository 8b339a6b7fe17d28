import type { FindingKind } from "../../analysis.ts";
import type { Sketch } from "../trace-builder.ts";

/** A trace and what people would say is to be found in it. */
export interface Labelled {
  readonly title: string;
  readonly tops: readonly Sketch[];
  /** Kinds that are in it, each once; every other kind is not. */
  readonly has: readonly FindingKind[];
}

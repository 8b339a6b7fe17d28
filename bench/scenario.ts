import type { Figure, FigureName } from "./figures.ts";

export interface ScenarioOptions {
  /** Fewer spans and shorter runs: to see that everything works, and roughly where we are. */
  readonly quick: boolean;
}

/** A piece of measuring that gives some of the figures; it leaves neither processes nor files behind. */
export interface Scenario {
  readonly gives: readonly FigureName[];
  run(options: ScenarioOptions): Promise<Figure[]>;
}

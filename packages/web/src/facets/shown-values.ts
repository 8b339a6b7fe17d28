import type { Facet, FacetName } from "@clew/protocol/api/facets";

export const FACET_LABELS: Readonly<Record<FacetName, string>> = {
  status: "Status",
  service: "Service",
  agent: "Agent",
  model: "Model",
  testCase: "Test case",
  testRun: "Test run",
  user: "User",
};

/** A value as it is shown beside the list. */
export interface ShownValue {
  readonly value: string;
  /** Undefined when it is not among those counted. */
  readonly count: number | undefined;
  readonly isChosen: boolean;
}

/** The values counted, and before them those chosen that are not among them: what is chosen can always be left. */
export function shownValues(facet: Facet, chosen: readonly string[]): ShownValue[] {
  const counted = new Set(facet.values.map(({ value }) => value));
  return [
    ...[...new Set(chosen)]
      .filter((value) => !counted.has(value))
      .map((value) => ({ value, count: undefined, isChosen: true })),
    ...facet.values.map(({ value, count }) => ({ value, count, isChosen: chosen.includes(value) })),
  ];
}

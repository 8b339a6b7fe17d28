import type { SeriesUnit } from "../search/series-unit.ts";

/** What lines are of. */
export const GROUPINGS = ["agent", "service", "model", "tool"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** A chart of what metrics queries add up to. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What the numbers are, in a few words. */
  readonly about: string;
  readonly unit: SeriesUnit;
  /** Each is a line, or one for each value of `field`. */
  readonly queries: readonly ChartQuery[];
  /** Whose values tell the lines apart; undefined where the queries do. */
  readonly field: string | undefined;
  /** A condition on the spans that a number is of, and the function that tells what each contributes. */
  readonly spans: string;
  readonly measure: string;
}

export interface ChartQuery {
  /** Of the line; undefined where labels name the lines. */
  readonly name?: string;
  readonly q: string;
}

export interface ChartGroup {
  readonly title: string;
  readonly charts: readonly Chart[];
}

const FIELDS: Readonly<Record<Grouping, string>> = {
  agent: "agent:name",
  service: "resource.service.name",
  model: "agent:model",
  tool: "agent:tool",
};

interface Base {
  /** The spans that are one unit of work of what is grouped by. */
  readonly spans: string;
  readonly what: string;
}

const BASES: Readonly<Record<Grouping, Base>> = {
  agent: { spans: 'agent:type = "agent"', what: "Runs" },
  service: { spans: '(kind = server || kind = consumer || span:parentID = "")', what: "Requests" },
  model: { spans: 'agent:type = "llm"', what: "Model calls" },
  tool: { spans: 'agent:type = "tool"', what: "Tool calls" },
};

const MODEL_CALLS = 'agent:type = "llm"';
const TOOL_CALLS = 'agent:type = "tool"';
const TOKENS = [
  ["input", "agent:input_tokens"],
  ["output", "agent:output_tokens"],
  ["cache read", "agent:cache_read_tokens"],
  ["reasoning", "agent:reasoning_tokens"],
] as const;

/** The charts of the page. `condition` narrows the spans of all of them, as it stands in braces; empty for none. */
export function chartsOf(by: Grouping, condition: string): readonly ChartGroup[] {
  const all = (...conditions: readonly string[]): string =>
    [...conditions, ...(condition === "" ? [] : [`(${condition})`])].join(" && ");
  const base = BASES[by];
  const field = FIELDS[by];
  // A tool has no model, and a call of a model no tool.
  const ofModels = by === "tool" ? "model" : by;
  const ofTools = by === "model" ? "tool" : by;
  const share = (part: string, whole: string, of: string): string =>
    `({ ${part} } | rate() by (${of})) / ({ ${whole} } | rate() by (${of}))`;
  const one = (q: string): readonly ChartQuery[] => [{ q }];
  const spans = all(base.spans);
  const models = all(MODEL_CALLS);
  const tools = all(TOOL_CALLS);
  const cost = all("agent:cost != nil");
  const first = all("agent:time_to_first_token != nil");
  return [
    {
      title: base.what,
      charts: [
        {
          ...{ id: "rate", title: base.what, about: `by ${by}`, unit: "rate", field, spans },
          queries: one(`{ ${spans} } | rate() by (${field})`),
          measure: "count_over_time()",
        },
        {
          ...{ id: "errors", title: "Failed", about: `part of them, by ${by}`, unit: "share", field },
          queries: one(share(`${spans} && status = error`, spans, field)),
          spans: `${spans} && status = error`,
          measure: "count_over_time()",
        },
        {
          ...{ id: "durations", title: "Duration", about: "of all, percentiles", unit: "seconds", spans },
          queries: one(`{ ${spans} } | quantile_over_time(duration, .5, .95, .99)`),
          field: "p",
          measure: "max_over_time(duration)",
        },
        {
          ...{ id: "duration", title: "Duration, p95", about: `by ${by}`, unit: "seconds", field, spans },
          queries: one(`{ ${spans} } | quantile_over_time(duration, .95) by (${field})`),
          measure: "max_over_time(duration)",
        },
      ],
    },
    {
      title: "Models",
      charts: [
        {
          ...{ id: "cost", title: "Cost", about: `per point, by ${ofModels}`, unit: "usd" },
          queries: one(`{ ${cost} } | sum_over_time(agent:cost) by (${FIELDS[ofModels]})`),
          field: FIELDS[ofModels],
          spans: cost,
          measure: "sum_over_time(agent:cost)",
        },
        {
          ...{
            id: "model-cost",
            title: "Cost",
            about: `per point, by ${ofModels === "model" ? "agent" : "model"}`,
          },
          unit: "usd",
          queries: one(
            `{ ${cost} } | sum_over_time(agent:cost) by (${ofModels === "model" ? FIELDS.agent : FIELDS.model})`,
          ),
          field: ofModels === "model" ? FIELDS.agent : FIELDS.model,
          spans: cost,
          measure: "sum_over_time(agent:cost)",
        },
        {
          ...{ id: "tokens", title: "Tokens", about: "per point, by type", unit: "number", field: undefined },
          queries: TOKENS.map(([name, of]) => ({ name, q: `{ ${models} } | sum_over_time(${of})` })),
          spans: models,
          measure: "sum_over_time(agent:tokens)",
        },
        {
          ...{
            id: "cache",
            title: "Read from cache",
            about: `part of input tokens, by ${ofModels}`,
            unit: "share",
          },
          queries: one(
            `({ ${models} } | sum_over_time(agent:cache_read_tokens) by (${FIELDS[ofModels]})) / ` +
              `({ ${models} } | sum_over_time(agent:input_tokens) by (${FIELDS[ofModels]}))`,
          ),
          field: FIELDS[ofModels],
          spans: models,
          measure: "sum_over_time(agent:input_tokens)",
        },
        {
          ...{
            id: "first-token",
            title: "Time to first token, p95",
            about: `by ${ofModels}`,
            unit: "seconds",
          },
          queries: one(
            `{ ${first} } | quantile_over_time(agent:time_to_first_token, .95) by (${FIELDS[ofModels]})`,
          ),
          field: FIELDS[ofModels],
          spans: first,
          measure: "max_over_time(agent:time_to_first_token)",
        },
        {
          ...{
            id: "model-errors",
            title: "Model calls that failed",
            about: "part of them, by model",
            unit: "share",
          },
          queries: one(share(`${models} && status = error`, models, FIELDS.model)),
          field: FIELDS.model,
          spans: `${models} && status = error`,
          measure: "count_over_time()",
        },
      ],
    },
    {
      title: "Tools",
      charts: [
        {
          ...{ id: "tools", title: "Tool calls", about: `by ${ofTools}`, unit: "rate", spans: tools },
          queries: one(`{ ${tools} } | rate() by (${FIELDS[ofTools]})`),
          field: FIELDS[ofTools],
          measure: "count_over_time()",
        },
        {
          ...{
            id: "tool-errors",
            title: "Tool calls that failed",
            about: "part of them, by tool",
            unit: "share",
          },
          queries: one(share(`${tools} && status = error`, tools, FIELDS.tool)),
          field: FIELDS.tool,
          spans: `${tools} && status = error`,
          measure: "count_over_time()",
        },
      ],
    },
  ];
}

import type { TraceColumns } from "../../api/trace-columns.ts";
import type { Random } from "./random.ts";
import { type Sketch, TRACE_ID, traceOf } from "./trace-builder.ts";

const TYPES = ["", "", "agent", "llm", "tool", "chain"];
const KINDS = [undefined, undefined, "server", "client", "producer", "consumer"] as const;

/** Some spans anywhere in some tree: nested or not, at once or after each other, with or without an end. */
export function randomTrace(random: Random, spans: number): TraceColumns {
  const tops: Sketch[] = [];
  const made: { readonly sketch: Sketch; readonly below: Sketch[] }[] = [];
  for (let count = 0; count < spans; count++) {
    const above = made.length === 0 || random.chance(0.03) ? undefined : random.one(made);
    const from = (above?.sketch.at ?? 0) + random.below(20) - (random.chance(0.1) ? 15 : 0);
    const type = random.one(TYPES);
    const below: Sketch[] = [];
    const kind = random.one(KINDS);
    const sketch: Sketch = {
      name: `${type || "span"} ${random.below(4)}`,
      at: from,
      took: random.chance(0.2) ? 0 : random.below(60),
      type,
      ...(random.chance(0.4) && { service: `service-${random.below(4)}` }),
      ...(type === "agent" && { agent: `agent-${random.below(3)}` }),
      ...(type === "llm" && { model: "gpt-5.1", tokens: [random.below(9000), random.below(300)] as const }),
      ...(kind !== undefined && { kind }),
      ...(random.chance(0.15) && { error: random.one(["timeout", "refused"]) }),
      ...(random.chance(0.03) && { running: true as const, took: 0 }),
      ...(random.chance(0.05) && { linkedTo: [(1 + random.below(spans)).toString(16).padStart(16, "0")] }),
      ...(above === undefined && random.chance(0.5) && { orphan: true as const }),
      below,
    };
    made.push({ sketch, below });
    if (above === undefined) tops.push(sketch);
    else above.below.push(sketch);
  }
  return traceOf(...tops);
}

/** Columns with anything in them: rings, parents and words that are not there, times that are none, rows in disorder. */
export function junkTrace(random: Random, n: number): TraceColumns {
  const list = <Item>(make: (row: number) => Item): Item[] =>
    Array.from({ length: n }, (_, row) => make(row));
  const time = (): number =>
    random.one([0, 0, 1, -5, 1e6, -1e6, random.below(1e6), Number.NaN, Number.POSITIVE_INFINITY]);
  const word = (): number => random.one([0, 0, 1, 2, 3, 99, -1]);
  const words = ["", "a", "b", "step 1"];
  const columns = traceOf(...list(() => ({ name: "x" })));
  return {
    ...columns,
    dict: {
      name: words,
      service: words,
      type: ["", "agent", "llm", "tool"],
      agent: words,
      provider: words,
      model: words,
      tool: words,
      err: words,
    },
    id: list(() => String(random.below(n))),
    parent: list(() =>
      random.one([-1, -2, -7, n, 1e9, Number.NaN, 0.5, ...list(() => random.below(n)).slice(0, 9)]),
    ),
    start: list(time),
    dur: list(time),
    name: list(word),
    kind: list(() => random.below(7)),
    service: list(word),
    type: list(word),
    agent: list(word),
    model: list(word),
    tool: list(word),
    status: list(() => random.below(4)),
    err: list(word),
    tokIn: list(() => random.one([0, 5, -3, Number.NaN, 1e9])),
    tokOut: list(() => random.one([0, 5, -3, Number.NaN])),
    costMicro: list(() => random.one([0, 0.5, Number.NaN])),
    flags: list(() => random.below(64)),
    links: list(() => [random.below(n + 2) - 1, TRACE_ID, String(random.below(n))] as const).slice(0, n >> 2),
  };
}

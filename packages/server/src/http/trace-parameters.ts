import {
  type AttributeCondition,
  ID_NAMES,
  type IdName,
  type TraceConditions,
} from "../query/trace-conditions.ts";
import { InvalidParameter } from "./http-errors.ts";
import { choice, duration, moment, readParameters, text, texts } from "./parameters.ts";

/** The parameters that say which traces; `attr.KEY` ones stand apart. */
export const TRACE_FILTER = {
  service: texts(),
  agent: texts(),
  model: texts(),
  tool: texts(),
  session: texts(),
  conversation: texts(),
  task: texts(),
  testCase: texts(),
  testRun: texts(),
  user: texts(),
  status: choice("ok", "error"),
  minDuration: duration(),
  maxDuration: duration(),
  name: text(),
  text: text(),
  from: moment(),
  to: moment(),
};

const ATTRIBUTE_PREFIX = "attr.";
/** Each asks the store once. */
const MOST_ATTRIBUTES = 10;

type FilterValues = ReturnType<typeof readParameters<typeof TRACE_FILTER>>;

/** Splits `attr.KEY=VALUE` off; equal keys are alternatives. Throws `InvalidParameter`. */
export function attributeParameters(query: URLSearchParams): {
  readonly attributes: readonly AttributeCondition[];
  readonly others: URLSearchParams;
} {
  const found = new Map<string, string[]>();
  const others = new URLSearchParams();
  for (const [name, value] of query) {
    if (!name.startsWith(ATTRIBUTE_PREFIX)) others.append(name, value);
    else
      found.set(name.slice(ATTRIBUTE_PREFIX.length), [
        ...(found.get(name.slice(ATTRIBUTE_PREFIX.length)) ?? []),
        value,
      ]);
  }
  if (found.has("")) throw new InvalidParameter(ATTRIBUTE_PREFIX, "must go on with the attribute's key");
  if (found.size > MOST_ATTRIBUTES) {
    throw new InvalidParameter(
      "attr",
      `conditions are ${found.size}; at most ${MOST_ATTRIBUTES} are allowed`,
    );
  }
  return { attributes: [...found].map(([key, values]) => ({ key, values })), others };
}

/** The conditions that the parameters state. */
export function traceConditions(
  values: FilterValues,
  attributes: readonly AttributeCondition[],
): TraceConditions {
  const ids: Partial<Record<IdName, readonly string[]>> = {};
  for (const name of ID_NAMES) if (values[name] !== undefined) ids[name] = values[name];
  return {
    ...(values.service && { services: values.service }),
    ...(values.agent && { agents: values.agent }),
    ...(values.model && { models: values.model }),
    ...(values.tool && { tools: values.tool }),
    ...(Object.keys(ids).length > 0 && { ids }),
    ...(values.status && { status: values.status }),
    ...(values.minDuration !== undefined && { minDurationNs: values.minDuration }),
    ...(values.maxDuration !== undefined && { maxDurationNs: values.maxDuration }),
    ...(values.name !== undefined && { name: values.name }),
    ...(values.text !== undefined && { text: values.text }),
    ...(attributes.length > 0 && { attributes }),
    ...(values.from !== undefined && { fromNs: values.from }),
    ...(values.to !== undefined && { toNs: values.to }),
  };
}

/** Conditions alone, for what has no pages. */
export function readTraceConditions(query: URLSearchParams): TraceConditions {
  const { attributes, others } = attributeParameters(query);
  return traceConditions(readParameters(TRACE_FILTER, others), attributes);
}

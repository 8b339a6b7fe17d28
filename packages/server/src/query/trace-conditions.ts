/** The ids that hold for a whole trace, and for the traces it is linked with. */
export type IdName = "session" | "conversation" | "task" | "testCase" | "testRun" | "user";

/** In the order in which they narrow a search best. */
export const ID_NAMES: readonly IdName[] = ["session", "conversation", "task", "testCase", "testRun", "user"];

/** One attribute with one of these texts, on a span or its resource. */
export interface AttributeCondition {
  readonly key: string;
  readonly values: readonly string[];
}

/** Which traces to find. All that is given must hold, each for some span of the trace; a list is any of its values. */
export interface TraceConditions {
  readonly services?: readonly string[];
  readonly agents?: readonly string[];
  readonly models?: readonly string[];
  readonly tools?: readonly string[];
  readonly ids?: Readonly<Partial<Record<IdName, readonly string[]>>>;
  readonly status?: "ok" | "error";
  readonly minDurationNs?: bigint;
  readonly maxDurationNs?: bigint;
  /** Part of a span's name. */
  readonly name?: string;
  /** Words of one span's prompts, completions or tool payloads. */
  readonly text?: string;
  readonly attributes?: readonly AttributeCondition[];
  /** Start of the trace: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
}

import type { Correlation } from "@clew/protocol/api/trace-item";
import { Link } from "../location/link.tsx";
import { groupAddress } from "../sessions/group-address.ts";
import css from "./ids.module.css";
import { type FilterName, tracesWith } from "./trace-filter.ts";

/** The ids that an item of a list and the context of a trace have in common. */
interface CorrelationIds {
  readonly session?: Correlation;
  readonly conversation?: Correlation;
  readonly task?: Correlation;
  readonly test?: { readonly case?: Correlation; readonly run?: Correlation };
  readonly user?: Correlation;
}

const PHRASES: Partial<Record<FilterName, string>> = {
  testCase: "Traces with test case",
  testRun: "Traces with test run",
  session: "Session",
  task: "Task",
};

/** What a trace belongs to; a session and a task lead to their pages, others to the traces that belong to the same. */
export function Ids({ ids }: { readonly ids: CorrelationIds }) {
  const all: readonly (readonly [FilterName, string, Correlation | undefined])[] = [
    ["testCase", "test", ids.test?.case],
    ["testRun", "run", ids.test?.run],
    ["session", "session", ids.session],
    ["conversation", "conversation", ids.conversation?.id === ids.session?.id ? undefined : ids.conversation],
    ["task", "task", ids.task],
    ["user", "user", ids.user],
  ];
  return (
    <>
      {all.map(
        ([name, label, id]) =>
          id && (
            <Link
              key={name}
              href={
                name === "session" || name === "task" ? groupAddress(name, id.id) : tracesWith(name, id.id)
              }
              className={css.id}
              title={`${PHRASES[name] ?? `Traces with ${label}`} ${id.id}${id.inherited ? "; carried by a linked trace" : ""}`}
            >
              <span>{label}</span> {id.id}
            </Link>
          ),
      )}
    </>
  );
}

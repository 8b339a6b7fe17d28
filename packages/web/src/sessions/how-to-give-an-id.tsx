import { CopyButton } from "../elements/copy-button.tsx";
import { EmptyList } from "../traces/list-states.tsx";
import type { GroupKind } from "./group-address.ts";
import { KINDS } from "./group-kinds.ts";
import css from "./how-to-give-an-id.module.css";

/** Said where there is no session or task at all. */
export function HowToGiveAnId({ kind }: { readonly kind: GroupKind }) {
  const { names, meaning, attribute, variable } = KINDS[kind];
  const header = `baggage: ${attribute}=4711`;
  const ways = [
    ["Send a header with a request; it reaches every agent behind it", header],
    ["Start a process with a variable; it holds for all that it does", `${variable}=4711`],
    ["Call a function around the work", `withCorrelation({ "${attribute}": "4711" }, work)`],
  ] as const;
  return (
    <EmptyList
      title={`No ${names.toLowerCase()} yet`}
      action={
        <dl className={css.ways}>
          {ways.map(([does, text]) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                <code>{text}</code>
                <CopyButton label="Copy" text={() => text} />
              </dd>
            </div>
          ))}
        </dl>
      }
    >
      A {kind} is {meaning}. Traces belong to one when their spans carry its id as <code>{attribute}</code>.
      There are three ways to put it there:
    </EmptyList>
  );
}

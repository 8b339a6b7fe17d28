import { many } from "../format/quantities.ts";
import css from "./attribute-diff-view.module.css";
import type { AttributeDiff } from "./diff/attribute-diff.ts";
import { TextPairs } from "./text-pairs.tsx";

/** The attributes that are not the same in both, and how many are. */
export function AttributeDiffView({ diff: { different, same } }: { readonly diff: AttributeDiff }) {
  return (
    <>
      <TextPairs what="attribute" pairs={different.map(({ key, a, b }) => ({ title: key, a, b }))} />
      <p className={css.same}>
        {different.length === 0 && same === 0 ? "None." : `${many(same, "attribute")} equal.`}
      </p>
    </>
  );
}

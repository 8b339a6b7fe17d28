import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { many } from "../format/quantities.ts";
import css from "./attribute-diff-view.module.css";
import type { AttributeDiff } from "./diff/attribute-diff.ts";
import { TextPair } from "./text-pair.tsx";

/** More attributes are shown when asked for. */
const STEP = 60;

/** The attributes that are not the same in both, and how many are. */
export function AttributeDiffView({ diff: { different, same } }: { readonly diff: AttributeDiff }) {
  const [most, setMost] = useState(STEP);
  return (
    <>
      {different.slice(0, most).map(({ key, a, b }) => (
        <TextPair key={key} title={key} a={a} b={b} />
      ))}
      {different.length > most && (
        <Button onClick={() => setMost(most + STEP)}>
          {many(different.length - most, "more attribute")}
        </Button>
      )}
      <p className={css.same}>
        {different.length === 0 && same === 0 ? "None." : `${many(same, "attribute")} equal.`}
      </p>
    </>
  );
}

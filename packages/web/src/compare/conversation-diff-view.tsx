import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { many } from "../format/quantities.ts";
import type { SaidPair } from "./diff/conversation-diff.ts";
import { TextPair } from "./text-pair.tsx";

/** More messages are shown when asked for. */
const STEP = 60;

/** The messages of both, in order; equal ones are closed. */
export function ConversationDiffView({ pairs }: { readonly pairs: readonly SaidPair[] }) {
  const [most, setMost] = useState(STEP);
  return (
    <>
      {pairs.slice(0, most).map(({ role, a, b }, at) => (
        <TextPair key={at} title={role} a={a} b={b} />
      ))}
      {pairs.length > most && (
        <Button onClick={() => setMost(most + STEP)}>{many(pairs.length - most, "more message")}</Button>
      )}
    </>
  );
}

import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { many } from "../format/quantities.ts";
import { TextPair } from "./text-pair.tsx";

interface TextPairsProps {
  /** What one of them is called, as `message`. */
  readonly what: string;
  readonly pairs: readonly {
    readonly title: string;
    readonly a: string | undefined;
    readonly b: string | undefined;
  }[];
}

/** More are shown when asked for. */
const STEP = 60;
/** Once so many characters are compared, further ones wait until they are opened. */
const MOST_CHARS_AT_ONCE = 400_000;

/** Texts of both spans, in order; those that are equal are closed. */
export function TextPairs({ what, pairs }: TextPairsProps) {
  const [most, setMost] = useState(STEP);
  let chars = 0;
  return (
    <>
      {pairs.slice(0, most).map(({ title, a, b }, at) => {
        const isDifferent = a !== b;
        if (isDifferent) chars += (a?.length ?? 0) + (b?.length ?? 0);
        return (
          <TextPair key={at} title={title} a={a} b={b} isOpen={isDifferent && chars <= MOST_CHARS_AT_ONCE} />
        );
      })}
      {pairs.length > most && (
        <Button onClick={() => setMost(most + STEP)}>{many(pairs.length - most, `more ${what}`)}</Button>
      )}
    </>
  );
}

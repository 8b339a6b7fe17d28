import { useState } from "react";
import { bytes } from "../format/quantities.ts";
import css from "./long-text.module.css";

/** What is shown of a long text until more is asked for. */
const CHARS = 4000;
/** A text is cut only where that hides something worth a click. */
const SLACK = 1000;
const STEP = 200_000;

/** Text as it is; the end of a long one on demand. */
export function LongText({ text }: { readonly text: string }) {
  const [shown, setShown] = useState(CHARS);
  if (text.length <= shown + SLACK) return <>{text}</>;
  return (
    <>
      {text.slice(0, shown)}…{" "}
      <button type="button" className={css.more} onClick={() => setShown(shown + STEP)}>
        {bytes(text.length - shown)} more
      </button>
    </>
  );
}

import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import css from "./fault-line.module.css";
import type { QueryFault } from "./read-query.ts";

interface FaultLineProps {
  readonly id: string;
  readonly text: string;
  readonly fault: QueryFault | undefined;
  /** Writes what was probably meant. */
  readonly onMend: (fault: QueryFault) => void;
}

/** Characters of an excerpt. */
const BEFORE = 20;
const LONGEST = 40;
const AFTER = 10;
/** More than this may not be in sight in any box. */
const LONG = 110;

/** What is wrong with a query, read out when it changes. */
export function FaultLine({ id, text, fault, onMend }: FaultLineProps) {
  return (
    <div id={id} className={css.line} aria-live="polite">
      {fault && (
        <>
          <div>
            <Icon name="error" />
            <p>{fault.message}</p>
          </div>
          <Excerpt text={text} fault={fault} />
          {fault.suggestion !== undefined && (
            <Button className={css.mend} onClick={() => onMend(fault)}>
              Write <code>{fault.suggestion}</code>
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** Around the fault, for boxes that are too narrow to show it. */
function Excerpt({ text, fault }: { readonly text: string; readonly fault: QueryFault }) {
  const begin = Math.max(0, fault.offset - BEFORE);
  const end = Math.min(text.length, fault.offset + Math.min(fault.length, LONGEST));
  return (
    <code className={css.excerpt} data-long={text.length > LONG}>
      {begin > 0 && "…"}
      {text.slice(begin, fault.offset)}
      <em>{text.slice(fault.offset, end) || " "}</em>
      {text.slice(end, end + AFTER)}
      {end + AFTER < text.length && "…"}
    </code>
  );
}

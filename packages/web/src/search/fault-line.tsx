import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import css from "./fault-line.module.css";
import type { QueryFault } from "./read-query.ts";

interface FaultLineProps {
  readonly id: string;
  readonly fault: QueryFault | undefined;
  /** Writes what was probably meant. */
  readonly onMend: (fault: QueryFault) => void;
}

/** What is wrong with a query, read out when it changes. */
export function FaultLine({ id, fault, onMend }: FaultLineProps) {
  return (
    <div id={id} className={css.line} aria-live="polite">
      {fault && (
        <>
          <Icon name="error" />
          <p>{fault.message}</p>
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

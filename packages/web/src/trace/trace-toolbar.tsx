import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { Button, IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { exact } from "../format/quantities.ts";
import css from "./trace-toolbar.module.css";

interface TraceToolbarProps {
  readonly find: string;
  /** Undefined while nothing is looked for. */
  readonly foundCount: number | undefined;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onFind: (text: string) => void;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
  readonly onLeave: () => void;
  /** Spans of calls between agents, models and tools; 0 where there is no choice. */
  readonly infrastructure: number;
  readonly isBrief: boolean;
  readonly onBrief: () => void;
  /** Undefined where nothing can be folded. */
  readonly onOpenAll: (() => void) | undefined;
  readonly onCloseAll: (() => void) | undefined;
  readonly isZoomed: boolean;
  readonly onWhole: () => void;
  readonly showsPath: boolean;
  readonly onPath: () => void;
  readonly children: ReactNode;
}

export function TraceToolbar(props: TraceToolbarProps) {
  const { find, foundCount, onNext, onPrevious, onLeave, onFind } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") (event.shiftKey ? onPrevious : onNext)();
    else if (event.key === "Escape") {
      if (find !== "") onFind("");
      onLeave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={css.bar} role="toolbar" aria-label="Spans">
      {props.children}
      <div className={css.find}>
        <Icon name="search" />
        <input
          ref={props.input}
          type="text"
          aria-label="Find spans"
          placeholder="Find spans by name, agent, model, tool, error"
          autoComplete="off"
          spellCheck={false}
          value={find}
          onChange={(event) => onFind(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <span className={css.count} role="status">
          {foundCount !== undefined && `${exact(foundCount)} ${foundCount === 1 ? "match" : "matches"}`}
        </span>
        {foundCount !== undefined && foundCount > 0 && (
          <>
            <IconButton icon="up" label="Previous match (N)" onClick={onPrevious} />
            <IconButton icon="down" label="Next match (n)" onClick={onNext} />
          </>
        )}
      </div>
      <span className={css.end}>
        <Button
          variant="plain"
          aria-pressed={props.showsPath}
          onClick={props.onPath}
          title="Mark what decided how long the trace took (c)"
        >
          Critical path
        </Button>
        {props.infrastructure > 0 && (
          <Button
            variant="plain"
            aria-pressed={props.isBrief}
            onClick={props.onBrief}
            title="Show only agents, models, tools and where errors began (i)"
          >
            Agents only{props.isBrief && <small>{exact(props.infrastructure)} left out</small>}
          </Button>
        )}
        {props.isZoomed && (
          <Button variant="quiet" onClick={props.onWhole} title="Whole trace (0)">
            Whole trace
          </Button>
        )}
        {props.onCloseAll && <IconButton icon="collapse" label="Close all ([)" onClick={props.onCloseAll} />}
        {props.onOpenAll && <IconButton icon="expand" label="Open all (])" onClick={props.onOpenAll} />}
      </span>
    </div>
  );
}

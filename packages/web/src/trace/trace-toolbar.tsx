import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { Button, IconButton } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { duration, exact } from "../format/quantities.ts";
import type { HeatName } from "./heat.ts";
import { HeatChoice } from "./heat-choice.tsx";
import type { TimeFold } from "./time-scale.ts";
import css from "./trace-toolbar.module.css";

interface TraceToolbarProps {
  readonly find: string;
  /** Undefined while nothing is looked for. */
  readonly foundCount: number | undefined;
  /** Whether what was said is looked through, instead of spans. */
  readonly isText?: boolean;
  /** What is shown has a search of its own, and nothing to choose. */
  readonly isPlain: boolean;
  readonly hasHeat: boolean;
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
  /** What bars are coloured by. */
  readonly heat: HeatName | undefined;
  readonly onHeat: (heat: HeatName | undefined) => void;
  /** Whether repeats share a row. Undefined, as what follows, where that is not possible. */
  readonly folds?: boolean;
  readonly hasRuns?: boolean;
  readonly onFolds?: () => void;
  readonly isIdleFolded?: boolean;
  /** Stretches that are folded now. */
  readonly idleFolds?: readonly TimeFold[];
  readonly onIdle?: () => void;
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
      {!props.isPlain && (
        <div className={css.find}>
          <Icon name="search" />
          <input
            ref={props.input}
            type="text"
            aria-label={props.isText ? "Find in the transcript" : "Find spans"}
            placeholder={
              props.isText ? "Find what was said" : "Find spans by name, agent, model, tool, error"
            }
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
      )}
      <span className={css.end} hidden={props.isText || props.isPlain}>
        {props.hasHeat && <HeatChoice heat={props.heat} onHeat={props.onHeat} />}
        {props.onFolds !== undefined && props.hasRuns === true && (
          <Button
            variant="plain"
            aria-pressed={props.folds}
            onClick={props.onFolds}
            title="One row for calls that follow each other and are alike (x)"
          >
            Fold repeats
          </Button>
        )}
        {props.onIdle !== undefined && (
          <Button
            variant="plain"
            aria-pressed={props.isIdleFolded}
            onClick={props.onIdle}
            title="Fold long stretches of time in which no step runs (z)"
          >
            Fold idle time {props.isIdleFolded === true && <small>{idleText(props.idleFolds ?? [])}</small>}
          </Button>
        )}
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

function idleText(folds: readonly TimeFold[]): string {
  const us = folds.reduce((sum, fold) => sum + fold.us, 0);
  return folds.length === 0 ? "none here" : `${duration(us / 1000)} folded`;
}

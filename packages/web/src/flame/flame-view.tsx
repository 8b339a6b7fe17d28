import { useMemo } from "react";
import type { LanesViewProps } from "../lanes/view-props.ts";
import { go, withQuery } from "../location/place.ts";
import { infrastructureOf } from "../trace/infrastructure.ts";
import { shownTree } from "../trace/shown-tree.ts";
import { FLAME_MEASURES, type FlameMeasure, readMeasure } from "./flame-measures.ts";
import css from "./flame-view.module.css";
import { HotTable } from "./hot-table.tsx";
import { MergedFlame } from "./merged-flame.tsx";
import { TimeFlame } from "./time-flame.tsx";

/** Where the time went: the spans over time, or those of one way put together by what they add up to. */
export function FlameView(props: LanesViewProps) {
  const { analysed, isBrief, place, selected, onSelect, window, whole } = props;
  const { trace, analysis } = analysed;
  const isMerged = place.query.get("flame") === "merged";
  const measure = readMeasure(place.query.get("by"));
  const tree = useMemo(
    () =>
      shownTree(
        analysis.tree,
        isBrief ? infrastructureOf(trace, analysis.tree, analysis.rollUps) : undefined,
      ),
    [analysis, trace, isBrief],
  );
  const show = (changes: { readonly flame?: string | undefined; readonly by?: string | undefined }): void =>
    go(withQuery(place, changes), { replace: true });
  const says = FLAME_MEASURES.find(({ name }) => name === measure)?.says;
  return (
    <div className={css.view}>
      <div className={css.bar}>
        <div role="group" aria-label="Bars" className={css.choice}>
          <button type="button" aria-pressed={!isMerged} onClick={() => show({ flame: undefined })}>
            Over time
          </button>
          <button type="button" aria-pressed={isMerged} onClick={() => show({ flame: "merged" })}>
            Merged
          </button>
        </div>
        {isMerged && (
          <div role="group" aria-label="Width" className={css.choice}>
            {FLAME_MEASURES.map(({ name, label }) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === measure}
                onClick={() => show({ by: name === "duration" ? undefined : name })}
              >
                {label}
              </button>
            ))}
          </div>
        )}
        <p className={css.says}>
          {isMerged ? says : "What ran at once lies below each other, each with what belongs to it."}
        </p>
      </div>
      {isMerged ? (
        <MergedFlame {...props} tree={tree} measure={measure} />
      ) : (
        <TimeFlame {...props} tree={tree} window={window} whole={whole} />
      )}
      <HotTable
        analysed={analysed}
        tree={tree}
        measure={measure}
        selected={selected}
        onMeasure={(by: FlameMeasure) => show({ by: by === "duration" ? undefined : by })}
        onSelect={onSelect}
      />
    </div>
  );
}

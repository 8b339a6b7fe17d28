import { Tabs } from "../elements/tabs.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import type { TimeWindow } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import css from "./between-lanes.module.css";
import { EdgeTable } from "./edge-table.tsx";
import type { LaneTime } from "./lane-times.ts";
import { WaitList } from "./wait-list.tsx";
import { WaitTable } from "./wait-table.tsx";

interface BetweenLanesProps {
  readonly analysed: AnalysedTrace;
  readonly times: readonly LaneTime[];
  readonly window: TimeWindow;
  readonly place: Place;
  readonly selected: number;
  readonly onSelect: (span: number) => void;
}

/** Who waited for whom and what went from lane to lane, in words and numbers. */
export function BetweenLanes({ analysed, times, window, place, selected, onSelect }: BetweenLanesProps) {
  const { edges } = analysed.analysis;
  const tabs = [
    { id: "waits", label: "Waits" },
    { id: "matrix", label: "Who for whom" },
    { id: "edges", label: "Calls and hand-offs", count: edges.length },
  ];
  const asked = place.query.get("between");
  const chosen = tabs.some(({ id }) => id === asked) ? asked! : "waits";
  const choose = (id: string): void =>
    go(withQuery(place, { between: id === "waits" ? undefined : id }), { replace: true });
  return (
    <section aria-label="Between the lanes" className={css.between}>
      <Tabs label="Between the lanes" tabs={tabs} chosen={chosen} onChoose={choose}>
        {chosen === "waits" && <WaitList analysis={analysed.analysis} times={times} onSelect={onSelect} />}
        {chosen === "matrix" && <WaitTable analysis={analysed.analysis} onSelect={onSelect} />}
        {chosen === "edges" && (
          <EdgeTable analysed={analysed} window={window} selected={selected} onSelect={onSelect} />
        )}
      </Tabs>
    </section>
  );
}

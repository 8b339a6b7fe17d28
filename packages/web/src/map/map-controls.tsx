import { MAP_SCOPES, type MapLeaves } from "@clew/protocol/api/map";
import { Button } from "../elements/button.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { SPANS_OF_TIME, shownTime } from "../traces/shown-time.ts";
import css from "./map-controls.module.css";
import { DEFAULT_DEPTH, DEFAULT_FROM, type MapPlace } from "./map-request.ts";

interface MapControlsProps {
  readonly place: Place;
  readonly asked: MapPlace;
}

const SCOPES = { agents: "Agents", services: "Services" } as const;
const LEAVES: readonly (readonly [MapLeaves, string])[] = [
  ["tools", "Tools"],
  ["models", "Models"],
];
const DEPTHS = [1, 2, 3, 5, 20];

/** What is on the map, of which time, how much of it around the focus, and as what. */
export function MapControls({ place, asked: { scope, from, to, focus, depth, include } }: MapControlsProps) {
  const isTable = place.query.get("view") === "table";
  const isUsual = to === undefined && SPANS_OF_TIME.some(([value]) => value === from);
  const set = (changes: Readonly<Record<string, string | undefined>>): void => go(withQuery(place, changes));
  const toggleLeaf = (leaf: MapLeaves): void => {
    const others = include.filter((one) => one !== leaf);
    const next = include.includes(leaf) ? others : [...others, leaf];
    const query = new URLSearchParams(place.query);
    query.delete("include");
    for (const one of next) query.append("include", one);
    go(withQuery({ ...place, query }, {}));
  };
  return (
    <div className={css.controls} role="group" aria-label="What the map shows">
      <fieldset className={css.choice}>
        <legend>Of</legend>
        {MAP_SCOPES.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={scope === value}
            // What is in the focus of the one map may not be on the other.
            onClick={() =>
              scope !== value &&
              set({ scope: value === "agents" ? undefined : value, focus: undefined, depth: undefined })
            }
          >
            {SCOPES[value]}
          </button>
        ))}
      </fieldset>
      <fieldset className={css.choice}>
        <legend>With</legend>
        {LEAVES.map(([leaf, label]) => (
          <button
            key={leaf}
            type="button"
            aria-pressed={include.includes(leaf)}
            onClick={() => toggleLeaf(leaf)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <select
        aria-label="Started"
        value={isUsual ? from : ""}
        onChange={({ target: { value } }) =>
          set({ from: value === DEFAULT_FROM ? undefined : value, to: undefined })
        }
      >
        {SPANS_OF_TIME.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {!isUsual && (
          <option value="" disabled>
            {shownTime(from || undefined, to)}
          </option>
        )}
      </select>
      {focus !== undefined && (
        <>
          <select
            aria-label="How far from the focus"
            value={depth}
            onChange={({ target: { value } }) =>
              set({ depth: value === String(DEFAULT_DEPTH) ? undefined : value })
            }
          >
            {[...new Set([...DEPTHS, depth])]
              .sort((a, b) => a - b)
              .map((steps) => (
                <option key={steps} value={steps}>
                  {steps === 1 ? "1 step away" : `${steps} steps away`}
                </option>
              ))}
          </select>
          <Button icon="close" onClick={() => set({ focus: undefined, depth: undefined })}>
            Whole map
          </Button>
        </>
      )}
      <Button
        className={css.last}
        aria-pressed={isTable}
        onClick={() => set({ view: isTable ? undefined : "table" })}
      >
        Show as table
      </Button>
    </div>
  );
}

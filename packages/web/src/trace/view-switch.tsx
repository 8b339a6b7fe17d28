import css from "./view-switch.module.css";

/** The ways a trace is looked at, by their name in the page's address; the first needs no word. */
export const TRACE_VIEWS = [
  { name: "waterfall", label: "Waterfall", key: "1" },
  { name: "lanes", label: "Lanes", key: "2" },
  { name: "graph", label: "Graph", key: "3" },
  { name: "flame", label: "Flame", key: "5" },
] as const;

export type TraceViewName = (typeof TRACE_VIEWS)[number]["name"];

export function readView(text: string | null): TraceViewName {
  return TRACE_VIEWS.find(({ name }) => name === text)?.name ?? "waterfall";
}

interface ViewSwitchProps {
  readonly view: TraceViewName;
  readonly onView: (view: TraceViewName) => void;
}

export function ViewSwitch({ view, onView }: ViewSwitchProps) {
  return (
    <div role="group" aria-label="View" className={css.views}>
      {TRACE_VIEWS.map(({ name, label, key }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === view}
          title={`${label} (${key})`}
          onClick={() => onView(name)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import css from "./view-switch.module.css";

/** The ways a trace is looked at, by their name in the page's address. */
export const TRACE_VIEWS = [
  { name: "waterfall", label: "Waterfall", key: "1" },
  { name: "lanes", label: "Lanes", key: "2" },
  { name: "graph", label: "Graph", key: "3" },
  { name: "transcript", label: "Transcript", key: "4" },
  { name: "flame", label: "Flame", key: "5" },
  { name: "logs", label: "Logs", key: "6" },
  { name: "raw", label: "Raw", key: "7" },
] as const;

export type TraceViewName = (typeof TRACE_VIEWS)[number]["name"];

/** Undefined for anything else. */
export function readView(text: string | null): TraceViewName | undefined {
  return TRACE_VIEWS.find(({ name }) => name === text)?.name;
}

/** The view of a trace when the address names none: what was said where one agent said it, else its spans. */
export function firstView({ dict, n, type, agent, service, flags }: TraceColumns): TraceViewName {
  /** Agents; services, as negative numbers, where no agent is known. */
  const speakers = new Set<number>();
  const llm = dict.type.indexOf("llm");
  let hasMessages = false;
  for (let span = 0; span < n; span++) {
    const isModel = llm > 0 && type[span] === llm;
    const name = agent[span] ?? 0;
    if (name !== 0) speakers.add(name);
    else if (isModel && dict.agent.length < 2) speakers.add(-1 - (service[span] ?? 0));
    hasMessages ||= isModel && ((flags[span] ?? 0) & SPAN_FLAG.content) !== 0;
  }
  return hasMessages && speakers.size === 1 ? "transcript" : "waterfall";
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

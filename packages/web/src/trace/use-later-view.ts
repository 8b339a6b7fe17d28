import { type ComponentType, useEffect, useState } from "react";
import type { LanesViewProps } from "../lanes/view-props.ts";
import type { TraceViewName } from "./view-switch.tsx";

type LaterView = ComponentType<LanesViewProps>;

const LOADERS: Readonly<
  Record<Exclude<TraceViewName, "waterfall" | "transcript">, () => Promise<LaterView>>
> = {
  lanes: async () => (await import("../lanes/lanes-view.tsx")).LanesView,
  graph: async () => (await import("../lanes/graph-view.tsx")).GraphView,
  flame: async () => (await import("../flame/flame-view.tsx")).FlameView,
  logs: async () => (await import("../trace-logs/trace-logs-view.tsx")).TraceLogsView,
  raw: async () => (await import("../raw/raw-view.tsx")).RawView,
};

/** The code of a view that does not come with the page; undefined until it is there. It is asked for at once. */
export function useLaterView(view: TraceViewName): LaterView | undefined {
  const [loaded, setLoaded] = useState<{ readonly view: TraceViewName; readonly Component: LaterView }>();
  useEffect(() => {
    if (view === "waterfall" || view === "transcript") return;
    let isWanted = true;
    LOADERS[view]().then(
      (Component) => isWanted && setLoaded({ view, Component }),
      // What is thrown here reaches the boundary, which offers to load the page again.
      (error: unknown) =>
        setLoaded(() => {
          throw error;
        }),
    );
    return () => {
      isWanted = false;
    };
  }, [view]);
  return loaded?.view === view ? loaded.Component : undefined;
}

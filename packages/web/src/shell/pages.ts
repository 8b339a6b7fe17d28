import type { IconName } from "../elements/icon.tsx";

/** A page that the navigation leads to. Its path also needs a line in `app.tsx`. */
export interface PageEntry {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** Whether a path belongs to it. */
  readonly is: RegExp;
  /** What leads to it after `g`. */
  readonly goKey?: string;
}

export interface PageGroup {
  readonly name: string;
  readonly pages: readonly PageEntry[];
}

export const PAGE_GROUPS: readonly PageGroup[] = [
  {
    name: "Observe",
    pages: [
      { href: "/traces", label: "Traces", icon: "traces", is: /^\/($|traces|t\/)/, goKey: "t" },
      { href: "/live", label: "Live", icon: "live", is: /^\/live$/, goKey: "l" },
      { href: "/sessions", label: "Sessions", icon: "prompt", is: /^\/sessions(\/|$)/, goKey: "s" },
      { href: "/tasks", label: "Tasks", icon: "evaluator", is: /^\/tasks(\/|$)/, goKey: "k" },
    ],
  },
  {
    name: "Understand",
    pages: [
      { href: "/compare", label: "Compare", icon: "compare", is: /^\/compare$/, goKey: "c" },
      { href: "/map", label: "Map", icon: "map", is: /^\/map$/, goKey: "m" },
      { href: "/metrics", label: "Metrics", icon: "metrics", is: /^\/metrics$/, goKey: "x" },
      { href: "/logs", label: "Logs", icon: "logs", is: /^\/logs$/, goKey: "o" },
    ],
  },
];

/** Those below, apart from the groups. */
export const LOWER_PAGES: readonly PageEntry[] = [
  { href: "/welcome", label: "Send data", icon: "send", is: /^\/welcome$/, goKey: "w" },
  { href: "/settings", label: "Settings", icon: "settings", is: /^\/settings$/, goKey: "p" },
];

export const ALL_PAGES: readonly PageEntry[] = [...PAGE_GROUPS.flatMap(({ pages }) => pages), ...LOWER_PAGES];

import type { ReactNode } from "react";
import css from "./icon.module.css";

const SHAPES = {
  agent: (
    <>
      <rect x="3" y="5.5" width="10" height="7.5" rx="2" />
      <path d="M8 5.5V3M6 9v1M10 9v1M1.5 8.5v2M14.5 8.5v2" />
    </>
  ),
  llm: <path d="M8 1.8l1.5 4.7 4.7 1.5-4.7 1.5L8 14.2 6.5 9.5 1.8 8l4.7-1.5z" />,
  tool: (
    <path d="M13.6 4.4a3.6 3.6 0 0 1-4.8 4.5L4.6 13a1.5 1.5 0 0 1-2.1-2.1l4.1-4.2a3.6 3.6 0 0 1 4.6-4.6L9 4.3 11.7 7z" />
  ),
  embedding: (
    <>
      <circle cx="4" cy="4" r="1.6" />
      <circle cx="12" cy="5.5" r="1.6" />
      <circle cx="6" cy="12" r="1.6" />
      <path d="M5.5 4.3l4.9.9M4.6 5.5l1 5M7.2 10.9l3.7-4.1" />
    </>
  ),
  retriever: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="M10.2 10.2L14 14" />
    </>
  ),
  reranker: <path d="M3 4h10M3 8h7M3 12h4" />,
  workflow: (
    <>
      <rect x="1.8" y="2.5" width="4.6" height="4" rx="1" />
      <rect x="9.6" y="9.5" width="4.6" height="4" rx="1" />
      <path d="M6.4 4.5h3.2a2 2 0 0 1 2 2v3" />
    </>
  ),
  guardrail: <path d="M8 1.8l5 1.9v4c0 3.2-2.1 5.4-5 6.5-2.9-1.1-5-3.3-5-6.5v-4z" />,
  evaluator: <path d="M2.5 8.5l3.5 3.5 7.5-8" />,
  memory: (
    <>
      <ellipse cx="8" cy="4" rx="5" ry="2" />
      <path d="M3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2" />
    </>
  ),
  prompt: <path d="M3 3h10v7.5H7.5L4.5 13v-2.5H3z" />,
  server: (
    <>
      <rect x="2.5" y="3" width="11" height="4" rx="1" />
      <rect x="2.5" y="9" width="11" height="4" rx="1" />
      <path d="M5 5h.01M5 11h.01" />
    </>
  ),
  client: <path d="M2.5 8h10M9 4.2L12.8 8 9 11.8" />,
  producer: <path d="M2.5 4.5h11v7h-11zM2.5 5l5.5 4 5.5-4" />,
  consumer: <path d="M2.5 9h3.2l1 1.8h2.6l1-1.8h3.2M2.5 9v4h11V9l-2-5.5h-7z" />,
  internal: <circle cx="8" cy="8" r="3.2" />,
  error: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.8v3.8M8 11h.01" />
    </>
  ),
  ok: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5.2 8.3l2 2 3.6-4.2" />
    </>
  ),
  unset: <circle cx="8" cy="8" r="6.2" />,
  running: (
    <>
      <path d="M8 1.8a6.2 6.2 0 1 1-6.2 6.2" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  warning: <path d="M8 2.2l6.2 11H1.8zM8 6.4v3.2M8 11.4h.01" />,
  fatal: <path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 7.4v3.8M8 4.8h.01" />
    </>
  ),
  chevron: <path d="M6 4l4 4-4 4" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="M10.2 10.2L14 14" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </>
  ),
  traces: <path d="M2 3.5h8M5 8h9M8 12.5h6M2 8h.01M2 12.5h3" />,
  map: (
    <>
      <circle cx="3.5" cy="8" r="1.8" />
      <circle cx="12.5" cy="4" r="1.8" />
      <circle cx="12.5" cy="12" r="1.8" />
      <path d="M5.2 7.3l5.6-2.5M5.2 8.7l5.6 2.5" />
    </>
  ),
  send: <path d="M8 13V3M4 6.8L8 3l4 3.8" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1" />
    </>
  ),
  moon: <path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z" />,
  system: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1.2" />
      <path d="M6 14h4" />
    </>
  ),
  expand: <path d="M4 6l4-4 4 4M4 10l4 4 4-4" />,
  collapse: <path d="M4 2.5l4 4 4-4M4 13.5l4-4 4 4" />,
  link: (
    <path d="M6.5 9.5l3-3M7 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L5 7.5" />
  ),
  up: <path d="M4 10l4-4 4 4" />,
  down: <path d="M4 6l4 4 4-4" />,
  user: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 13.5c.6-2.7 2.6-4 5.2-4s4.6 1.3 5.2 4" />
    </>
  ),
  live: (
    <>
      <circle cx="8" cy="8" r="1.6" />
      <path d="M4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6M13.3 2.7a7.5 7.5 0 0 1 0 10.6" />
    </>
  ),
  compare: <path d="M5 2.5v11M2.5 5L5 2.5 7.5 5M11 13.5v-11M8.5 11l2.5 2.5 2.5-2.5" />,
  metrics: <path d="M2.5 2.5v11h11M5 10.5l2.5-3.5 2.3 2 3.7-5" />,
  logs: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="1.5" />
      <path d="M5 5.8h.01M7.2 5.8H11M5 8h.01M7.2 8H11M5 10.2h.01M7.2 10.2h2.3" />
    </>
  ),
  settings: (
    <>
      <path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6" />
      <circle cx="10.2" cy="4.5" r="1.7" />
      <circle cx="5.8" cy="11.5" r="1.7" />
    </>
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  side: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M6.2 3v10" />
    </>
  ),
  swap: <path d="M2.5 5.5h10M9.5 2.5l3 3-3 3M13.5 10.5h-10M6.5 7.5l-3 3 3 3" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decoration: what it means is said in words beside it or by its button. */
export function Icon({
  name,
  className,
}: {
  readonly name: IconName;
  readonly className?: string | undefined;
}) {
  return (
    <svg
      className={`${css.icon} ${className ?? ""}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}

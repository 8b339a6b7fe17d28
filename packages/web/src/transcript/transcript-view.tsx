import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import type { TranscriptRun } from "@clew/protocol/api/transcript";
import { pairCalls } from "@clew/protocol/transcript/pair-calls";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useKeys } from "../location/use-keys.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { nextShownAs } from "./message-row.tsx";
import type { ShownAs } from "./said.tsx";
import { articleId, TranscriptArticle } from "./transcript-article.tsx";
import { runsAbove, type TranscriptRow, transcriptRows } from "./transcript-rows.ts";
import { TranscriptSkeleton, TranscriptStatus } from "./transcript-status.tsx";
import css from "./transcript-view.module.css";
import { useFoundRows, useHighlights } from "./use-found-rows.ts";
import { type ReadTranscript, useTranscript } from "./use-transcript.ts";

/** What a search in the transcript found, for whoever shows the search. */
export interface FoundInTranscript {
  readonly count: number;
  readonly walk: (by: 1 | -1) => void;
}

interface TranscriptViewProps {
  readonly trace: TraceColumns;
  /** What is looked for; empty for nothing. */
  readonly find: string;
  /** Index of the selected span; -1 for none. */
  readonly selected: number;
  /** Gets the focus when details are left. */
  readonly feed: RefObject<HTMLDivElement | null>;
  readonly onSelect: (spanId: string) => void;
  /** Into the details of the selected span. */
  readonly onEnter: () => void;
  /** Told whenever it changes; undefined when nothing is looked for, or the view goes. */
  readonly onFound: (found: FoundInTranscript | undefined) => void;
}

/** Of longer transcripts what agents called is closed at first. */
const FEW_STEPS = 80;
const OVERSCAN = 6;
const NOTHING: ReadTranscript = { runs: [], steps: [], total: 0, hasContent: true };
const ROW_PX: Readonly<Record<TranscriptRow["kind"], number>> = {
  run: 44,
  "hand-off": 34,
  system: 34,
  message: 120,
  call: 60,
  note: 30,
  failure: 44,
};

/** What was said in a trace, as it is read: who asked, who answered, what tools were called, below who called whom. */
export function TranscriptView(props: TranscriptViewProps) {
  const { trace, find, selected, feed, onSelect, onFound } = props;
  const state = useTranscript(trace.traceId, versionOf(trace));
  const read = state.read ?? NOTHING;
  const scroller = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [modes, setModes] = useState<ReadonlyMap<string, ShownAs>>(new Map());
  const [activeKey, setActiveKey] = useState<string>();
  const paired = useMemo(() => pairCalls(read.steps, read.runs), [read]);
  const isShort = read.total <= FEW_STEPS;
  const isOpen = useCallback(
    (run: TranscriptRun, depth: number): boolean => toggled.get(run.span) ?? (depth === 0 || isShort),
    [toggled, isShort],
  );
  const { rows, rowOfSpan } = useMemo(() => transcriptRows(read, paired, isOpen), [read, paired, isOpen]);
  const places = useMemo(() => new Map(rows.map(({ key }, at) => [key, at])), [rows]);
  const selectedKey = useMemo(() => nearestRow(trace, selected, rowOfSpan), [trace, selected, rowOfSpan]);
  const active = Math.max(0, places.get(activeKey ?? selectedKey?.key ?? "") ?? 0);
  const activeRow = rows[active];

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => ROW_PX[rows[at]!.kind],
    getItemKey: (at) => rows[at]!.key,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // What has the focus has to stay in the document.
      return indexes.includes(active) ? indexes : [...indexes, active].sort((a, b) => a - b);
    },
  });
  const { scrollToIndex } = virtual;

  const wantsFocus = useRef(false);
  const wantsSight = useRef<"auto" | "center" | undefined>(undefined);
  useLayoutEffect(() => {
    const sight = wantsSight.current;
    wantsSight.current = undefined;
    if (sight !== undefined && activeRow !== undefined) scrollToIndex(active, { align: sight });
    // The feed has the focus only until there is a row.
    if (!wantsFocus.current && document.activeElement !== feed.current) return;
    wantsFocus.current = false;
    document.getElementById(articleId(active))?.focus({ preventScroll: true });
  });
  const moveTo = (
    at: number,
    by: { readonly focus?: boolean; readonly sight?: "auto" | "center" } = {},
  ): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, at))];
    if (row === undefined) return;
    wantsFocus.current = by.focus ?? true;
    wantsSight.current = by.sight ?? "auto";
    setActiveKey(row.key);
    if (selected >= 0 && by.focus !== false) onSelect(row.span);
  };

  // A selection made elsewhere opens what hides its row, and comes into sight.
  const shownFor = useRef<string>(undefined);
  const selectedId = selected < 0 ? undefined : trace.id[selected];
  useEffect(() => {
    if (selectedId === undefined) shownFor.current = undefined;
    if (selectedId === undefined || shownFor.current === selectedId || selectedKey === undefined) return;
    shownFor.current = selectedId;
    if (activeRow?.span === selectedId) return;
    const closed = runsAbove(selectedKey.run, read.runs).filter((run, at, all) => {
      const isItself = at === 0 && selectedKey.key.startsWith("run ");
      return !isItself && !isOpen(run, all.length - 1 - at);
    });
    if (closed.length > 0)
      setToggled((old) => new Map([...old, ...closed.map((run) => [run.span, true] as const)]));
    wantsSight.current = "center";
    setActiveKey(selectedKey.key);
  });

  const found = useFoundRows(rows, find);
  const walk = (by: 1 | -1): void => {
    if (found === undefined || found.length === 0) return;
    const next =
      by === 1
        ? (found.find((at) => at > active || (at === active && activeKey === undefined)) ?? found[0]!)
        : (found.findLast((at) => at < active) ?? found.at(-1)!);
    moveTo(next, { focus: feed.current?.contains(document.activeElement) === true, sight: "center" });
  };
  const walkNow = useRef(walk);
  walkNow.current = walk;
  const count = found?.length;
  useEffect(() => {
    onFound(count === undefined ? undefined : { count, walk: (by) => walkNow.current(by) });
  }, [count, onFound]);
  useEffect(() => () => onFound(undefined), [onFound]);
  useHighlights(feed, find, articleId(active));

  const toggleRun = (run: TranscriptRun, depth: number): void => {
    const next = !isOpen(run, depth);
    setToggled((old) => new Map([...old, [run.span, next]]));
  };
  const toggleRow = (key: string): void =>
    setOpened((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const all = (open: boolean) => (): void =>
    setToggled(new Map(read.runs.map((run) => [run.span, open || run.above === ""])));
  const isFoldable = (row: TranscriptRow): boolean => row.kind !== "hand-off" && row.kind !== "note";
  const fold = (open: boolean) => (): void => {
    if (activeRow === undefined) return;
    if (activeRow.kind === "run") {
      if (activeRow.isOpen !== open) toggleRun(activeRow.run, activeRow.depth);
      else if (open) moveTo(active + 1);
      else toOwner(activeRow.run.above);
    } else if (open !== opened.has(activeRow.key) && isFoldable(activeRow)) toggleRow(activeRow.key);
    else if (!open) toOwner(activeRow.run.span);
  };
  const toOwner = (run: string): void => {
    const at = rows.findIndex((row) => row.kind === "run" && row.run.span === run);
    if (at >= 0) moveTo(at);
  };
  const page = (by: 1 | -1): void => {
    const items = virtual.getVirtualItems().filter(({ end, start }) => {
      const top = virtual.scrollOffset ?? 0;
      return end > top && start < top + (scroller.current?.clientHeight ?? 0);
    });
    moveTo(active + by * Math.max(1, items.length - 1));
  };
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(active + 1),
    ArrowUp: () => moveTo(active - 1),
    j: () => moveTo(active + 1),
    k: () => moveTo(active - 1),
    PageDown: () => page(1),
    PageUp: () => page(-1),
    Home: () => moveTo(0),
    End: () => moveTo(rows.length - 1),
    ArrowRight: fold(true),
    ArrowLeft: fold(false),
    Enter: () => {
      if (activeRow === undefined) return;
      onSelect(activeRow.span);
      // The details are shown only once something is selected.
      requestAnimationFrame(props.onEnter);
    },
    m: () => {
      if (activeRow?.kind !== "message") return;
      const { key } = activeRow;
      setModes((old) => new Map([...old, [key, nextShownAs(old.get(key) ?? "markdown")]]));
    },
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // Within a row, keys are those of what has the focus there.
    const isRow = event.target instanceof HTMLElement && event.target.matches("[data-row], [role=feed]");
    if (!isRow && !["j", "k", "m"].includes(event.key)) return;
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };
  useKeys({ "[": all(false), "]": all(true) });
  useFocusAtFirst(feed);

  const onClick = (at: number) => (event: MouseEvent<HTMLElement>) => {
    const isControl =
      event.target instanceof Element && event.target.closest("a, button, summary, details") !== null;
    setActiveKey(rows[at]!.key);
    if (!isControl && (getSelection()?.toString() ?? "") === "") onSelect(rows[at]!.span);
  };

  return (
    <div ref={scroller} className={css.scroller}>
      <TranscriptStatus state={state} />
      {state.read === undefined && state.error === undefined && <TranscriptSkeleton />}
      {state.read !== undefined && rows.length === 0 && !state.isReading && (
        <p className={css.empty}>
          No agent, model or tool takes part in this trace. The waterfall has its spans.
        </p>
      )}
      <div
        ref={feed}
        role="feed"
        aria-label="Transcript"
        aria-busy={state.isReading}
        tabIndex={-1}
        className={css.feed}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target !== event.currentTarget) return;
          document.getElementById(articleId(active))?.focus({ preventScroll: true });
        }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <TranscriptArticle
              key={row.key}
              ref={virtual.measureElement}
              row={row}
              index={index}
              count={rows.length}
              top={start}
              isActive={index === active}
              isSelected={selected >= 0 && row.key === selectedKey?.key}
              isOpen={opened.has(row.key)}
              shownAs={modes.get(row.key) ?? "markdown"}
              onClick={onClick(index)}
              onToggle={() => (row.kind === "run" ? toggleRun(row.run, row.depth) : toggleRow(row.key))}
              onShowAs={(next) => setModes((old) => new Map([...old, [row.key, next]]))}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Changes when a trace has got more to tell. */
function versionOf({ n, flags }: TraceColumns): string {
  return `${n} ${flags.reduce((running, one) => running + ((one & SPAN_FLAG.running) !== 0 ? 1 : 0), 0)}`;
}

/** The row of a span, else that of the nearest span above that has one. */
function nearestRow(
  trace: TraceColumns,
  span: number,
  rowOfSpan: ReadonlyMap<string, { readonly key: string; readonly run: string }>,
): { readonly key: string; readonly run: string } | undefined {
  for (let at = span; at >= 0; at = trace.parent[at] ?? -1) {
    const found = rowOfSpan.get(trace.id[at] ?? "");
    if (found !== undefined) return found;
  }
  return undefined;
}

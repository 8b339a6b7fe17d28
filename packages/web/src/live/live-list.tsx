import type { TraceItem } from "@clew/protocol/api/trace-item";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { usePreference } from "../settings/preference.ts";
import { DENSITY } from "../settings/preferences.ts";
import css from "./live-list.module.css";
import { LiveRow } from "./live-row.tsx";

export interface LiveListHandle {
  /** Moves the focus by so many rows, into the list when it is elsewhere; false where there is none. */
  readonly move: (by: number) => boolean;
  readonly toTop: () => void;
}

/** What keeps the rows where they are. */
export interface Touch {
  readonly isPointedAt: boolean;
  readonly isScrolled: boolean;
  readonly hasFocus: boolean;
}

interface LiveListProps {
  readonly items: readonly TraceItem[];
  readonly onTouch: (change: Partial<Touch>) => void;
  readonly ref?: Ref<LiveListHandle>;
}

const SMALL = matchMedia("(max-width: 640px)");
const ROW_PX = { comfortable: 36, compact: 28 };
const SMALL_ROW_PX = 60;
const OVERSCAN = 8;

/** Traces as lines, of which only those in view are in the document. */
export function LiveList({ items, onTouch, ref }: LiveListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string>();
  const wantsFocus = useRef(false);
  const [density] = usePreference(DENSITY);
  const rowPx = useSyncExternalStore(onSize, () => (SMALL.matches ? SMALL_ROW_PX : ROW_PX[density]));
  const at = items.findIndex(({ traceId }) => traceId === activeId);
  const active = Math.max(0, at);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => items[index]?.traceId ?? index,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // The row that has the focus stays in the document.
      return at < 0 || indexes.includes(at) ? indexes : [...indexes, at].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew when rows have another height
  useLayoutEffect(() => virtual.measure(), [rowPx]);
  useLayoutEffect(() => {
    if (!wantsFocus.current || activeId === undefined) return;
    wantsFocus.current = false;
    linkOf(scroller.current, activeId)?.focus({ preventScroll: true });
  });

  const goTo = (index: number): void => {
    const to = Math.min(items.length - 1, Math.max(0, index));
    const item = items[to];
    if (item === undefined) return;
    virtual.scrollToIndex(to, { align: "auto" });
    wantsFocus.current = true;
    if (item.traceId !== activeId) setActiveId(item.traceId);
    else linkOf(scroller.current, item.traceId)?.focus({ preventScroll: true });
  };
  const move = (by: number): boolean => {
    const isInside = scroller.current?.contains(document.activeElement) === true;
    goTo(isInside && at >= 0 ? at + by : active);
    return items.length > 0;
  };
  useImperativeHandle(ref, () => ({ move, toTop: () => virtual.scrollToOffset(0) }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowPx) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: items.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    goTo(target);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it does nothing itself; rows hold still while somebody is at them
    <div
      ref={scroller}
      className={css.scroller}
      onScroll={({ currentTarget }) => onTouch({ isScrolled: currentTarget.scrollTop > rowPx / 2 })}
      onFocus={() => onTouch({ hasFocus: true })}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) onTouch({ hasFocus: false });
      }}
    >
      <ol
        aria-label="Traces as they come"
        className={css.list}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, start, size, key }) => {
          const item = items[index];
          return (
            item && (
              <li
                key={key}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                style={{ height: size, translate: `0 ${start}px` }}
              >
                <LiveRow item={item} isActive={index === active} />
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

function linkOf(list: HTMLElement | null, traceId: string): HTMLElement | null | undefined {
  return list?.querySelector<HTMLElement>(`[data-trace="${CSS.escape(traceId)}"]`);
}

function onSize(listener: () => void): () => void {
  SMALL.addEventListener("change", listener);
  return () => SMALL.removeEventListener("change", listener);
}

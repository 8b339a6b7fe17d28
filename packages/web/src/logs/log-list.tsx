import type { LogItem } from "@clew/protocol/api/logs";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Button } from "../elements/button.tsx";
import { exact } from "../format/quantities.ts";
import css from "./log-list.module.css";
import { LogRow, type LogRowProps } from "./log-row.tsx";

export interface LogListHandle {
  /** Moves the focus by so many rows, into the list when it is elsewhere; false where there is none. */
  readonly move: (by: number) => boolean;
  readonly toTop: () => void;
}

interface LogListProps extends Pick<LogRowProps, "nowMs" | "within"> {
  readonly items: readonly LogItem[];
  /** In place of the time of day. */
  readonly timeOf?: (item: LogItem) => string;
  /** The record that is shown whole. */
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
  /** The end is near; undefined where nothing follows. */
  readonly onEnd?: (() => void) | undefined;
  /** Whether somebody reads further down. */
  readonly onAway?: (isAway: boolean) => void;
  /** New records that are not among the items yet. */
  readonly waiting?: number;
  readonly onWaiting?: () => void;
  readonly ref?: Ref<LogListHandle>;
}

const ROW_PX = 33;
const OVERSCAN = 10;
/** So many rows before the end the next ones are asked for. */
const NEAR_END = 60;

/** Records as lines, of which only those in view are in the document. */
export function LogList(props: LogListProps) {
  const { items, nowMs, openId, within, timeOf, onOpen, onEnd, onAway, waiting = 0, onWaiting } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string>();
  const wantsFocus = useRef(false);
  const at = items.findIndex(({ id }) => id === activeId);
  const active = Math.max(0, at);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      // The row that has the focus stays in the document.
      return indexes.includes(active) ? indexes : [...indexes, active].sort((a, b) => a - b);
    },
  });
  const rows = virtual.getVirtualItems();
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (onEnd !== undefined && last >= items.length - NEAR_END) onEnd();
  }, [onEnd, last, items.length]);
  useLayoutEffect(() => {
    if (!wantsFocus.current || activeId === undefined) return;
    wantsFocus.current = false;
    buttonOf(scroller.current, activeId)?.focus({ preventScroll: true });
  }, [activeId]);

  const goTo = (index: number): void => {
    const item = items[Math.min(items.length - 1, Math.max(0, index))];
    if (item === undefined) return;
    virtual.scrollToIndex(items.indexOf(item), { align: "auto" });
    if (item.id === activeId) buttonOf(scroller.current, item.id)?.focus({ preventScroll: true });
    wantsFocus.current = true;
    setActiveId(item.id);
  };
  const move = (by: number): boolean => {
    const isInside = scroller.current?.contains(document.activeElement) === true;
    goTo(isInside && at >= 0 ? at + by : active);
    return items.length > 0;
  };
  useImperativeHandle(props.ref, () => ({ move, toTop: () => virtual.scrollToOffset(0) }));

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isLine = event.target instanceof HTMLElement && event.target.dataset.log !== undefined;
    if (event.key === "Escape" && openId !== undefined) {
      onOpen(undefined);
      goTo(active);
      event.preventDefault();
      return;
    }
    if (!isLine) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW_PX) - 1);
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
    <div className={css.frame}>
      {waiting > 0 && (
        <Button variant="strong" className={css.waiting} onClick={onWaiting}>
          {waiting === Number.POSITIVE_INFINITY ? "Many new records" : `${exact(waiting)} new`}
        </Button>
      )}
      <div
        ref={scroller}
        className={css.scroller}
        onScroll={({ currentTarget }) => onAway?.(currentTarget.scrollTop > ROW_PX)}
      >
        <div
          role="list"
          aria-label="Log records"
          className={css.list}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {rows.map(({ index, start, key }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                role="listitem"
                aria-posinset={index + 1}
                aria-setsize={items.length}
                style={{ transform: `translateY(${start}px)` }}
                onFocus={() => setActiveId(item.id)}
              >
                <LogRow
                  item={item}
                  nowMs={nowMs}
                  isOpen={item.id === openId}
                  onToggle={() => onOpen(item.id === openId ? undefined : item.id)}
                  isTabStop={index === active}
                  time={timeOf?.(item)}
                  within={within}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function buttonOf(scroller: HTMLElement | null, id: string): HTMLElement | undefined {
  return [...(scroller?.querySelectorAll<HTMLElement>("[data-log]") ?? [])].find(
    ({ dataset }) => dataset.log === id,
  );
}

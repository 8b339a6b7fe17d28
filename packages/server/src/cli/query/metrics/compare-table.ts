import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { printable } from "../../../printable.ts";
import { paint } from "../../screen/paint.ts";
import { exact, many } from "../../screen/quantities.ts";
import type { Screen } from "../../screen/screen.ts";
import { table } from "../../screen/table.ts";
import { timeBar } from "../../trace/time-bar.ts";
import { type ComparedValue, comparedValues } from "./compared-values.ts";

const MOST_FIELDS = 10;
const MOST_VALUES = 3;
const BAR = 12;
/** Differences below are not told on a terminal. */
const LEAST_DIFFERENCE = 0.01;

/** How often the selected spans have a value and how often the others, what differs most first; all of it in a file. */
export function compareTable(series: readonly MetricsSeries[], screen: Screen): string[] {
  const { spans, values } = comparedValues(series);
  const shown = screen.isTerminal ? striking(values) : values;
  const isFirst = new Set(shown.filter(({ field }, at) => shown[at - 1]?.field !== field));
  const rows = table(
    shown,
    [
      {
        title: "FIELD",
        value: (row) => (isFirst.has(row) || !screen.isTerminal ? printable(row.field) : ""),
        shrinksTo: 8,
        style: () => "bold",
      },
      { title: "VALUE", value: (row) => row.value, shrinksTo: 8 },
      { title: "SELECTED", align: "right", value: ({ selection }) => percent(selection) },
      { title: "OTHERS", align: "right", value: ({ baseline }) => percent(baseline) },
      { title: "DIFF", align: "right", value: ({ difference }) => percent(difference, true), keep: 2 },
      {
        title: "",
        value: ({ difference }) => (screen.isTerminal ? bar(difference, screen) : ""),
        style: ({ difference }) => (difference > 0 ? "yellow" : "blue"),
        keep: 1,
      },
    ],
    screen,
  );
  if (!screen.isTerminal) return rows;
  const heading = `${many(spans.selection, "selected span")}, ${exact(spans.baseline)} others`;
  const left = new Set(values.map(({ field }) => field)).size - isFirst.size;
  const more =
    left === 0 ? [] : [`and ${many(left, "field")} that ${left === 1 ? "differs" : "differ"} less`];
  return [
    paint(screen, "dim", heading),
    ...(shown.length === 0 ? [] : rows),
    ...more.map((text) => paint(screen, "dim", text)),
  ];
}

function striking(values: readonly ComparedValue[]): ComparedValue[] {
  const told = values.filter(({ difference }) => Math.abs(difference) >= LEAST_DIFFERENCE);
  return [...Map.groupBy(told, ({ field }) => field).values()]
    .slice(0, MOST_FIELDS)
    .flatMap((of) => of.slice(0, MOST_VALUES));
}

/** `-` for what is not told. */
function percent(share: number | undefined, signed = false): string {
  if (share === undefined) return "-";
  const text = `${(share * 100).toFixed(1)} %`;
  return signed && share > 0 ? `+${text}` : text;
}

function bar(difference: number, screen: Screen): string {
  return timeBar([{ from: 0, to: Math.min(1, Math.abs(difference)) }], BAR, screen.unicode).trimEnd();
}

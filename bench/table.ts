import { BUDGETS, type Figure, markOf } from "./figures.ts";

const HEAD = ["", "figure", "must", "aim", "", "note"];

/** The figures beside their budgets, as a table of Markdown that also reads well on a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const budget: { what: string; unit: string; must?: number; aim?: number } = BUDGETS[figure.name];
    const limit = (value: number | undefined): string => (value === undefined ? "" : rounded(value));
    return [
      budget.what,
      Number.isNaN(figure.value) ? "-" : `${rounded(figure.value)} ${budget.unit}`,
      limit(budget.must),
      limit(budget.aim),
      markOf(figure),
      figure.note ?? "",
    ];
  });
  const widths = HEAD.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const numeric = (i: number): boolean => i >= 1 && i <= 3;
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) =>
      numeric(i) ? cell.padStart(widths[i]!) : i === cells.length - 1 ? cell : cell.padEnd(widths[i]!),
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, i) => (numeric(i) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(HEAD), line(rule), ...rows.map(line)].join("\n");
}

/** Three significant digits, thousands apart. */
function rounded(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: 0 });
}

import { cellValues, type Raster } from "./raster.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";
const SIGNS = "_.-:=+*#";

/**
 * The values as blocks between 0, or the least where that is below, and the greatest. A cell with several points shows
 * the greatest of them; where there is no point, nothing.
 */
export function sparkline(values: readonly (number | null)[], raster: Raster, unicode: boolean): string {
  const cells = cellValues(values, raster, Math.max);
  const known = cells.filter((value) => value !== null);
  const least = known.reduce((a, b) => Math.min(a, b), 0);
  const most = known.reduce((a, b) => Math.max(a, b), 0);
  const signs = unicode ? BLOCKS : SIGNS;
  return cells
    .map((value) => {
      if (value === null) return " ";
      const share = most === least ? 0 : (value - least) / (most - least);
      return signs[Math.round(share * (signs.length - 1))];
    })
    .join("");
}

import type { ExpositionFormat } from "./exposition.ts";

const MEDIA_TYPES: ReadonlyMap<string, ExpositionFormat> = new Map([
  ["application/openmetrics-text", "openmetrics"],
  ["text/plain", "text"],
  ["text/*", "text"],
  ["*/*", "text"],
]);
const VERSIONS: Readonly<Record<ExpositionFormat, string>> = { openmetrics: "1.0.0", text: "0.0.4" };

/**
 * The format that the `Accept` header likes best: the one with the highest `q`, of equals the first one. Text where
 * it takes neither, because a scraper that says nothing useful takes that.
 */
export function acceptedFormat(accept: string | undefined): ExpositionFormat {
  let best: ExpositionFormat = "text";
  let bestQuality = 0;
  for (const range of (accept ?? "").split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const format = MEDIA_TYPES.get(type);
    if (format === undefined) continue;
    const given = new Map(parameters.map((parameter) => parameter.split("=") as [string, string]));
    const version = given.get("version")?.replaceAll('"', "") ?? VERSIONS[format];
    const quality = Number(given.get("q") ?? 1);
    if (version !== VERSIONS[format] || !(quality > bestQuality)) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}

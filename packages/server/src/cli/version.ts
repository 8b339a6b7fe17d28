import { readFileSync } from "node:fs";

/** The version of this package; `src` and `dist` are equally deep, so one path does for both. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

import { readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/**
 * What a process is called where nobody names it: as the nearest package.json above its script does, else as
 * the script's file without its extension, else as Node's own default.
 */
export function defaultServiceName(script: string | undefined): string {
  if (script === undefined || script === "") return "unknown_service:node";
  const file = basename(script, extname(script)) || "unknown_service:node";
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const name = packageName(join(folder, "package.json"));
    if (name !== undefined) return name || file;
    if (folder === dirname(folder)) return file;
  }
}

/** Empty for a package without a name, undefined where there is none. */
function packageName(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    const { name } = JSON.parse(text) as { name?: unknown };
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}

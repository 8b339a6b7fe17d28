import { spawnSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UsageError } from "../failure.ts";

/**
 * URL of the preload's file. In a checkout it is made from its sources first, where one of them is newer; a
 * published package brings it along. Throws UsageError where it cannot be made.
 */
export function preloadUrl(): string {
  const url = import.meta.resolve("@clew/instrument/register");
  const folder = fileURLToPath(new URL("..", url));
  const script = fileURLToPath(new URL("../../../scripts/bundle-preload.ts", url));
  if (!existsSync(`${folder}src`) || !existsSync(script) || isFresh(folder)) return url;
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0 && !existsSync(fileURLToPath(url))) {
    throw new UsageError(`The preload cannot be made of its sources: ${stderr.trim()}`);
  }
  return url;
}

/** `folder` is that of the package; it contains parts of protocol. */
function isFresh(folder: string): boolean {
  const made = modified(`${folder}dist/preload.cjs`);
  const sources = ["src/**/*.ts", "../protocol/src/**/*.{ts,json}"].flatMap((cwd) =>
    globSync(cwd, { cwd: folder }),
  );
  return made > 0 && sources.every((file) => modified(`${folder}${file}`) <= made);
}

/** 0 where there is no such file. */
function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

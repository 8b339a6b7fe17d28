import { spawnSync } from "node:child_process";
import { existsSync, globSync, realpathSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UsageError } from "../failure.ts";

/**
 * URL of the preload's file, which `resolved` leads to. In a checkout it is made from its sources first, where it is
 * missing or one of them is newer; a published package brings it along. Throws UsageError where it cannot be made.
 */
export function preloadUrl(resolved = import.meta.resolve("@clew/instrument/register")): string {
  // Where the file is still missing, Node leaves the link to the workspace in its path.
  const folder = realpathSync(fileURLToPath(new URL("..", resolved)));
  const script = `${folder}/../../scripts/bundle-preload.ts`;
  if (!existsSync(`${folder}/src`) || !existsSync(script) || isFresh(folder)) return resolved;
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0 && !existsSync(fileURLToPath(resolved))) {
    throw new UsageError(`The preload cannot be made of its sources: ${stderr.trim()}`);
  }
  return resolved;
}

/** `folder` is that of the package; what it is made of is partly in protocol. */
function isFresh(folder: string): boolean {
  const made = modified(`${folder}/dist/preload.cjs`);
  const sources = ["src/**/*.ts", "../protocol/src/**/*.{ts,json}"].flatMap((pattern) =>
    globSync(pattern, { cwd: folder }),
  );
  return made > 0 && sources.every((file) => modified(`${folder}/${file}`) <= made);
}

/** 0 where there is no such file. */
function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

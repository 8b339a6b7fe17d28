import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The Python of a version such as `3.12`: as pyenv has it, else by its name on the path; undefined without one. */
export function installedPython(version: string): string | undefined {
  const root = said("pyenv", "prefix", version);
  const command = root === undefined ? "" : join(root, "bin/python");
  if (existsSync(command)) return command;
  const name = `python${version}`;
  return said(name, "--version")?.startsWith(`Python ${version}.`) ? name : undefined;
}

/** What a program prints; undefined where it is not there or fails. */
function said(program: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Fails when package-lock.json leaves out an optional package of another platform. npm writes such a lock
 * where a registry does not carry the platform's package, and npm 11 then refuses `npm ci` everywhere.
 * `--fix` adds the entries; they carry no integrity, which npm fills in when it first installs one.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface LockEntry {
  version?: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  license?: string;
  optional?: boolean;
  os?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface LockFile {
  packages: Record<string, LockEntry>;
}

const SYSTEMS = new Set("aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(" "));
const LIBC: Record<string, string> = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

/** Reads `…-linux-arm64-gnu` as npm's os, cpu and libc; undefined for a package that is not one platform's. */
export function platformOf(name: string): { os: string; cpu: string; libc: string | undefined } | undefined {
  const words = (name.split("/").pop() ?? name).split("-");
  const at = words.findIndex((word) => SYSTEMS.has(word));
  const os = words[at];
  const cpu = words[at + 1];
  if (os === undefined || cpu === undefined) return undefined;
  return { os, cpu, libc: os === "linux" ? LIBC[words[at + 2] ?? ""] : undefined };
}

/** The entries the lock lacks, by their key. */
export function missingEntries(lock: LockFile): Map<string, LockEntry> {
  const missing = new Map<string, LockEntry>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const key = `node_modules/${name}`;
      if (!platform || lock.packages[key] || lock.packages[`${path}/${key}`]) continue;
      missing.set(key, {
        version,
        cpu: [platform.cpu],
        ...(entry.dev ? { dev: true } : {}),
        ...(platform.libc ? { libc: [platform.libc] } : {}),
        ...(entry.license ? { license: entry.license } : {}),
        optional: true,
        os: [platform.os],
      });
    }
  }
  return missing;
}

/** The lock with the missing entries, its packages in the order npm writes them. */
export function completed(lock: LockFile): LockFile {
  const packages = { ...lock.packages, ...Object.fromEntries(missingEntries(lock)) };
  const byName = Object.keys(packages).sort((a, b) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(byName.map((name) => [name, packages[name] ?? {}])) };
}

function main(): void {
  const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(path, "utf8")) as LockFile;
  const missing = [...missingEntries(lock).keys()];
  if (missing.length === 0) return;
  if (process.argv.includes("--fix")) {
    writeFileSync(path, `${JSON.stringify(completed(lock), null, 2)}\n`);
    console.log(`package-lock.json: added ${missing.length} entries of other platforms`);
    return;
  }
  for (const key of missing)
    console.error(`package-lock.json lacks ${key}; run: node scripts/check-lock.ts --fix`);
  process.exitCode = 1;
}

if (import.meta.main) main();

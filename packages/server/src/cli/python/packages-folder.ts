import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConfigInput, loadConfig } from "../../config/load-config.ts";

/** Folder with the `sitecustomize` that Python loads, and with the list of packages. */
export function pythonFolder(): string {
  return fileURLToPath(new URL("../python/", import.meta.resolve("@clew/instrument/register")));
}

/** Where packages are installed, in a folder per version of Python: `CLEW_PYTHON_PACKAGES`, else in the data folder. */
export function packagesFolder(input: ConfigInput): string {
  return input.env.CLEW_PYTHON_PACKAGES || join(loadConfig(input).config.dataDir, "python");
}

/** Versions of Python that packages are installed for, such as `3.12`. */
export function installedFor(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^3\.\d+$/.test(name));
}

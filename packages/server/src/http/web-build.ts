import { execFile } from "node:child_process";
import { existsSync, globSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

const SOURCES = [
  "index.html",
  "package.json",
  "public/**/*.*",
  "src/**/*.*",
  "../protocol/src/**/*.{ts,json}",
  "../../scripts/bundle-web.ts",
];
const TESTS = /\.test\.tsx?$/;

/**
 * The user interface of a checkout, which is built when somebody asks for it and a source is newer than what was
 * built. The build runs in a process of its own, so that receiving goes on.
 */
export class WebBuild {
  readonly #folder: string;
  readonly #script: string;
  readonly #built: string;
  #isRunning = false;
  /** The newest source of the build that failed, and what it said. */
  #failed: { readonly sourceMs: number; readonly says: string } | undefined;

  private constructor(folder: string, script: string) {
    this.#folder = folder;
    this.#script = script;
    this.#built = join(folder, "dist/index.html");
  }

  /** Undefined for a published package, which brings the user interface along. */
  static of(packageFolder: string): WebBuild | undefined {
    const folder = realpathSync(packageFolder);
    const script = join(folder, "../../scripts/bundle-web.ts");
    return existsSync(join(folder, "src")) && existsSync(script) ? new WebBuild(folder, script) : undefined;
  }

  /**
   * Whether what is built is up to date. Where it is not, a build begins, if none is running; one that failed is
   * begun again once a source has changed.
   */
  check(): "fresh" | "building" | { readonly failed: string } {
    if (this.#isRunning) return "building";
    const sourceMs = newest(this.#folder);
    if (sourceMs <= this.builtMs) return "fresh";
    if (this.#failed?.sourceMs === sourceMs) return { failed: this.#failed.says };
    this.#build(sourceMs);
    return "building";
  }

  /** When it was built last, also by another process; 0 when never. */
  get builtMs(): number {
    return modified(this.#built);
  }

  #build(sourceMs: number): void {
    this.#isRunning = true;
    execFile(process.execPath, [this.#script], { encoding: "utf8" }, (error, stdout, stderr) => {
      this.#failed = error ? { sourceMs, says: `${stdout}${stderr}`.trim() || error.message } : undefined;
      this.#isRunning = false;
    });
  }
}

function newest(folder: string): number {
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: folder }));
  return Math.max(
    0,
    ...files.filter((file) => !TESTS.test(file)).map((file) => modified(join(folder, file))),
  );
}

/** 0 where there is no such file. */
function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

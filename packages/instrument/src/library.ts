import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { Settings } from "./settings.ts";

/** One library whose calls are traced. */
export interface Library {
  /** What `CLEW_DISABLED_LIBRARIES` calls it: the name of the npm package, or of Node's module. */
  readonly name: string;
  /**
   * Makes the instrumentation. It must not load the library: an agent that does not use it pays for nothing.
   */
  instrumentation(settings: Settings): Instrumentation;
}

/** A library whose code is not evaluated before the agent loads a module that it patches. */
export interface LazyLibrary {
  /** As in `Library`. */
  readonly name: string;
  /** Name of the instrumentation, which is that of its scope. */
  readonly scope: string;
  /** What the instrumentation patches, in its order. */
  readonly modules: readonly TracedModule[];
  load(): Library;
  /** Runs before the agent's first module loads, for what is not told by a module. */
  begin?(settings: Settings): void;
}

export interface TracedModule {
  /** Name of the package, or of Node's module. */
  readonly module: string;
  /** Semver ranges of the package's versions. */
  readonly versions: readonly string[];
  /** Files inside the package, such as `lib/client.js`; with ranges where the package's are not theirs. */
  readonly files?: readonly (string | readonly [path: string, ...versions: string[]])[];
}

import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { Settings } from "./settings.ts";

/** One library whose calls are traced. */
export interface Library {
  /** What `CLEW_DISABLED_LIBRARIES` calls it: the name of the npm package, or of Node's module. */
  readonly name: string;
  /**
   * Makes the instrumentation, before the agent's first module loads. It must not load the library: an agent
   * that does not use it pays for nothing.
   */
  instrumentation(settings: Settings): Instrumentation;
}

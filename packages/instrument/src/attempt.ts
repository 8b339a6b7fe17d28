import { countFault } from "./fault.ts";

/** Runs a step of the preload's own inside somebody else's call: what it throws is counted, never thrown. */
export function attempt<T>(name: string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    countFault(name, error);
    return undefined;
  }
}

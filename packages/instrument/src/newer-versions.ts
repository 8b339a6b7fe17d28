import type { Instrumentation } from "@opentelemetry/instrumentation";

/** What `InstrumentationBase` keeps of its `init`; asking it anew would give others. */
interface Hooked {
  readonly _modules?: readonly Definition[];
}

interface Definition {
  readonly name: string;
  supportedVersions: string[];
  readonly files: readonly { supportedVersions: string[] }[];
}

/**
 * Has an instrumentation leave versions of a package alone that are older than `oldest`, such as `4.0.0`: those that
 * it accepts but that were never tried with it, or do not work.
 */
export function onlySince<T extends Instrumentation>(instrumentation: T, name: string, oldest: string): T {
  const { _modules: definitions = [] } = instrumentation as Hooked;
  for (const definition of definitions) {
    if (definition.name !== name) continue;
    for (const hooked of [definition, ...definition.files]) {
      hooked.supportedVersions = hooked.supportedVersions.map((range) => `${range} >=${oldest}`);
    }
  }
  return instrumentation;
}

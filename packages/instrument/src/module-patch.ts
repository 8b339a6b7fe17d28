import {
  type Instrumentation,
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { attempt } from "./attempt.ts";

/** What is done to one module when an agent loads it, by `require` or by `import`. */
export interface ModulePatch {
  /** Name of the package. */
  readonly module: string;
  /** Semver ranges of the package's versions that the patch fits. */
  readonly versions: readonly string[];
  /** Files inside the package, such as `dist/cjs/client.js`; the package's entry where absent. */
  readonly files?: readonly string[];
  /**
   * Changes what the module exports; `version` is the package's. What it throws is counted and the module stays
   * as it is. A replaced export must be assigned to `exports`, which works for both kinds of modules.
   */
  patch(exports: Record<string, unknown>, version: string): void;
}

/** An instrumentation that patches modules; `name` is the scope's, such as `clew.mcp`. */
export function instrumentationOf(name: string, patches: readonly ModulePatch[]): Instrumentation {
  return new Patching(name, patches);
}

interface PatchingConfig extends InstrumentationConfig {
  readonly patches?: readonly ModulePatch[];
}

class Patching extends InstrumentationBase<PatchingConfig> {
  constructor(name: string, patches: readonly ModulePatch[]) {
    super(name, "0.1.0", { patches });
  }

  /** Runs inside the base class's constructor: the patches come by way of the configuration. */
  protected override init(): InstrumentationNodeModuleDefinition[] {
    return (this.getConfig().patches ?? []).map((patch) => definitionOf(patch, this.instrumentationName));
  }
}

function definitionOf(
  { module, versions, files, patch }: ModulePatch,
  scope: string,
): InstrumentationNodeModuleDefinition {
  const ranges = [...versions];
  const apply = (exports: Record<string, unknown>, version = "") => {
    attempt(scope, () => patch(exports, version));
    return exports;
  };
  if (files === undefined) return new InstrumentationNodeModuleDefinition(module, ranges, apply);
  const hooked = files.map(
    (file) => new InstrumentationNodeModuleFile(`${module}/${file}`, ranges, apply, () => {}),
  );
  return new InstrumentationNodeModuleDefinition(module, ranges, undefined, undefined, hooked);
}

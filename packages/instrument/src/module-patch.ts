import { types } from "node:util";
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
   * Changes what the module exports, or returns what is to be exported instead; `version` is the package's. What
   * it throws is counted and the module stays as it is.
   */
  patch(exports: Record<string, unknown>, version: string): unknown;
}

/** An instrumentation that patches modules; `name` is the scope's, such as `clew.mcp`. */
export function instrumentationOf(name: string, patches: readonly ModulePatch[]): Instrumentation {
  return new Patching(name, patches);
}

/**
 * Exports with some of them replaced, to be returned by a patch. A module of ES is changed itself; compiled
 * CommonJS and a module of ES that was required do not let themselves be changed and are copied.
 */
export function replaceExports(exports: object, replaced: Readonly<Record<string, unknown>>): object {
  if (types.isProxy(exports)) return Object.assign(exports, replaced);
  const own = Object.getOwnPropertyDescriptors(exports) as Record<string, PropertyDescriptor>;
  const isChangeable = !types.isModuleNamespaceObject(exports);
  if (isChangeable && Object.keys(replaced).every((name) => own[name]?.writable)) {
    return Object.assign(exports, replaced);
  }
  for (const [name, value] of Object.entries(replaced)) {
    own[name] = { value, enumerable: true, configurable: true, writable: true };
  }
  return Object.create(Object.getPrototypeOf(exports), own) as object;
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
    return (attempt(scope, () => patch(exports, version)) ?? exports) as Record<string, unknown>;
  };
  if (files === undefined) return new InstrumentationNodeModuleDefinition(module, ranges, apply);
  const hooked = files.map(
    (file) => new InstrumentationNodeModuleFile(`${module}/${file}`, ranges, apply, () => {}),
  );
  return new InstrumentationNodeModuleDefinition(module, ranges, undefined, undefined, hooked);
}

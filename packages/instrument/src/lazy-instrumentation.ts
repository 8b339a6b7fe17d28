import {
  type Instrumentation,
  InstrumentationBase,
  type InstrumentationConfig,
  type InstrumentationModuleDefinition,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import { attempt } from "./attempt.ts";
import type { LazyLibrary, TracedModule } from "./library.ts";

type Definition = InstrumentationModuleDefinition;
type Patch = (exports: unknown, version?: string) => unknown;
type Patchable = Pick<Definition, "patch" | "unpatch">;

interface LazyConfig extends InstrumentationConfig {
  readonly modules?: readonly TracedModule[];
  readonly made?: () => readonly Definition[];
}

/** Stands for the instrumentation of a library until the agent loads a module that it patches, and hands it on. */
export class LazyInstrumentation extends InstrumentationBase<LazyConfig> {
  /** `make` is called by the first module of a version that is supported. */
  constructor({ scope, modules }: LazyLibrary, make: () => Instrumentation) {
    let definitions: readonly Definition[] | undefined;
    const made = () => {
      definitions ??= disabledDefinitions(make());
      return definitions;
    };
    super(scope, "0.1.0", { modules, made });
  }

  /** Runs inside the base class's constructor: what it needs comes by way of the configuration. */
  protected override init(): Definition[] {
    const { modules = [], made } = this.getConfig();
    return modules.map((traced, at) => definitionOf(this.instrumentationName, traced, () => made?.()[at]));
  }
}

function definitionOf(
  scope: string,
  { module, versions, files = [] }: TracedModule,
  made: () => Definition | undefined,
): Definition {
  const hooked = files.map((file, at) => {
    const [path, ...own] = typeof file === "string" ? [file, ...versions] : file;
    const { patch, unpatch } = handedOn(scope, () => made()?.files[at]);
    return new InstrumentationNodeModuleFile(`${module}/${path}`, own, patch, unpatch);
  });
  const { patch, unpatch } = handedOn(scope, made);
  return new InstrumentationNodeModuleDefinition(module, [...versions], patch, unpatch, hooked);
}

function handedOn(scope: string, made: () => Patchable | undefined): { patch: Patch; unpatch: Patch } {
  return {
    patch: (exports, version) => attempt(scope, () => made()?.patch?.(exports, version)) ?? exports,
    unpatch: (exports, version) => attempt(scope, () => made()?.unpatch?.(exports, version)),
  };
}

/** What it patches, by its own account; its own hooks would do that a second time. */
function disabledDefinitions(instrumentation: Instrumentation): readonly Definition[] {
  const { _modules: own = [] } = instrumentation as { readonly _modules?: readonly Definition[] };
  instrumentation.disable();
  if (own.length > 0) return own;
  return (instrumentation as Partial<InstrumentationBase>).getModuleDefinitions?.() ?? [];
}

import module from "node:module";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import { register as registerSync, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";
import { attempt } from "./attempt.ts";

// The single-file bundle hands these to itself: it takes the place of import-in-the-middle's own file.
export { ModuleBinder, register } from "import-in-the-middle/lib/register.js";

const HTTP = /^(node:)?https?$/;

/**
 * Lets instrumentations see the ES modules that they trace as they load; every other module stays as it is, for
 * one that is hooked loses its live bindings. Call it after they are made: the other way round HTTP calls are
 * traced twice.
 */
export function hookModules(instrumentations: readonly Instrumentation[]): void {
  const include = instrumentations.flatMap(modulesOf);
  if (supportsSyncHooks()) {
    registerSync({ include });
    loadHttpWhenWanted();
  } else {
    module.register("./hook.mjs", import.meta.url, { data: { include } });
    loadHttp();
  }
}

/** Loading it takes 10 ms, which a program without HTTP does not have to wait. */
function loadHttpWhenWanted(): void {
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      if (HTTP.test(specifier)) {
        hooks.deregister();
        attempt("http", loadHttp);
      }
      return next(specifier, context);
    },
  });
}

/** Named imports of built-in modules are bound when these are loaded for the first time, and have to be renewed. */
function loadHttp(): void {
  const require = module.createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  module.syncBuiltinESMExports();
}

/** By what a module is imported: the names of packages, and the ends of URLs of files inside them. */
function modulesOf(instrumentation: Instrumentation): (string | RegExp)[] {
  const { _modules: definitions = [] } = instrumentation as Partial<ModuleDefinitions>;
  return definitions.flatMap(({ name, files }) => [name, ...(files ?? []).map((file) => endOf(file.name))]);
}

/** What `InstrumentationBase` keeps of its `init`; asking it anew would run that twice. */
interface ModuleDefinitions {
  readonly _modules: readonly {
    readonly name: string;
    readonly files?: readonly { readonly name: string }[];
  }[];
}

function endOf(file: string): RegExp {
  return new RegExp(`/node_modules/${file.replaceAll("\\", "/").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

import module from "node:module";
import { register as registerSync, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

// The single-file bundle hands these to itself: it takes the place of import-in-the-middle's own file.
export { ModuleBinder, register } from "import-in-the-middle/lib/register.js";

/**
 * Lets instrumentations see modules as they load. Call it after they are made: the other way round HTTP calls
 * are traced twice.
 */
export function hookModules(): void {
  if (supportsSyncHooks()) registerSync();
  else module.register("./hook.mjs", import.meta.url);
  // Named imports of built-in modules are bound when these are loaded for the first time, which may be now.
  const require = module.createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  module.syncBuiltinESMExports();
}

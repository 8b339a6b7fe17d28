/** Starts telemetry and traces the libraries that the agent loads from then on. */
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { workerCarrier } from "./context/worker-carrier.ts";
import { countFault } from "./fault.ts";
import { LIBRARIES } from "./libraries.ts";
import { hookModules } from "./module-hooks.ts";
import { apiPatch } from "./own-sdk/api-patch.ts";
import { settingsFrom } from "./settings.ts";
import { startTelemetry } from "./telemetry.ts";

export { ModuleBinder, register } from "./module-hooks.ts";

/** Set on the process once it is traced: a preload can be asked for twice. */
const STARTED = Symbol.for("clew.instrument.started");

/** They only start what is to be traced, in processes of their own. */
const LAUNCHERS = /[\\/](npm|npx|npm-cli|npx-cli|yarn|pnpm|pnpx|corepack)(\.[cm]?js)?$/;

function start(): void {
  const flags = globalThis as { [STARTED]?: true };
  if (flags[STARTED] === true) return;
  flags[STARTED] = true;
  const settings = settingsFrom({ ...process.env, ...workerCarrier() });
  if (settings.disabled || LAUNCHERS.test(process.argv[1] ?? "")) return;
  const ownSdk = startTelemetry(settings);
  const instrumentations = LIBRARIES.filter(({ name }) => !settings.disabledLibraries.has(name)).map(
    (library) => library.instrumentation(settings),
  );
  registerInstrumentations({ instrumentations });
  hookModules([...instrumentations, apiPatch(ownSdk)]);
  ownSdk.watch(instrumentations);
}

try {
  start();
} catch (error) {
  countFault("start", error);
}

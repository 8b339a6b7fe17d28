/** Starts telemetry and traces the libraries that the agent loads from then on. */
import { type Instrumentation, registerInstrumentations } from "@opentelemetry/instrumentation";
import { attempt } from "./attempt.ts";
import { workerCarrier } from "./context/worker-carrier.ts";
import { countFault } from "./fault.ts";
import { LazyInstrumentation } from "./lazy-instrumentation.ts";
import { LIBRARIES } from "./libraries.ts";
import type { LazyLibrary, Library } from "./library.ts";
import { hookModules } from "./module-hooks.ts";
import { apiPatch } from "./own-sdk/api-patch.ts";
import type { OwnSdk } from "./own-sdk/own-sdk.ts";
import { type Settings, threadSettingsFrom } from "./settings.ts";
import { startTelemetry } from "./telemetry.ts";

export { ModuleBinder, register } from "./module-hooks.ts";

/** Set on the process once it is traced: a preload can be asked for twice. */
const STARTED = Symbol.for("clew.instrument.started");

/** They only start what is to be traced, in processes of their own, or make it ready. */
const LAUNCHERS =
  /[\\/]((npm|npx|npm-cli|npx-cli|yarn|pnpm|pnpx|corepack|tsx|esbuild)(\.[cm]?js)?|(tsx[\\/]dist[\\/]cli|esbuild[\\/]lib[\\/]main)\.[cm]?js)$/;

function start(): void {
  const flags = globalThis as { [STARTED]?: true };
  if (flags[STARTED] === true) return;
  flags[STARTED] = true;
  const settings = threadSettingsFrom(process.env, workerCarrier());
  if (settings.disabled || LAUNCHERS.test(process.argv[1] ?? "")) return;
  const ownSdk = startTelemetry(settings);
  const instrumentations = LIBRARIES.filter(({ name }) => !settings.disabledLibraries.has(name)).map(
    (library) => instrumentationOf(library, settings, ownSdk),
  );
  registerInstrumentations({ instrumentations });
  hookModules([...instrumentations, apiPatch(ownSdk)]);
  ownSdk.watch(instrumentations);
}

function instrumentationOf(
  library: Library | LazyLibrary,
  settings: Settings,
  ownSdk: OwnSdk,
): Instrumentation {
  if ("instrumentation" in library) return library.instrumentation(settings);
  attempt(library.name, () => library.begin?.(settings));
  return new LazyInstrumentation(library, () =>
    ownSdk.making(() => {
      const made = library.load().instrumentation(settings);
      registerInstrumentations({ instrumentations: [made] });
      return made;
    }),
  );
}

try {
  start();
} catch (error) {
  countFault("start", error);
}

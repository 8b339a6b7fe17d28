/**
 * The preload: `node --import @clew/instrument/register agent.js`. Starts telemetry and traces the libraries
 * that the agent loads from then on.
 */
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { LIBRARIES } from "./libraries.ts";
import { hookModules } from "./module-hooks.ts";
import { settingsFrom } from "./settings.ts";
import { startTelemetry } from "./telemetry.ts";

export { ModuleBinder, register } from "./module-hooks.ts";

/** Set on the process once it is traced: a preload can be asked for twice. */
const STARTED = Symbol.for("clew.instrument.started");

const flags = globalThis as { [STARTED]?: true };
if (flags[STARTED] !== true) {
  flags[STARTED] = true;
  const settings = settingsFrom(process.env);
  const flush = startTelemetry(settings);
  registerInstrumentations({
    instrumentations: LIBRARIES.filter(({ name }) => !settings.disabledLibraries.has(name)).map((library) =>
      library.instrumentation(settings),
    ),
  });
  hookModules();
  process.once("beforeExit", () => void flush());
}

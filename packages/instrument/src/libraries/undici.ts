import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import type { Library } from "../library.ts";

/** `fetch` and undici. */
export const undici: Library = {
  name: "undici",
  instrumentation: () => new UndiciInstrumentation(),
};

import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { contextParts } from "../context/context-parts.ts";
import { prepareUndici } from "../context/undici-egress.ts";
import type { Library } from "../library.ts";

/** `fetch` and undici. */
export const undici: Library = {
  name: "undici",
  instrumentation({ context }) {
    const { egress } = contextParts(context);
    return new UndiciInstrumentation({
      requestHook: (span, request) => prepareUndici(egress, span, request),
    });
  },
};

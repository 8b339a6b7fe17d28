import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { contextParts } from "../context/context-parts.ts";
import { headersAsObject, hostOfOptions, withholdFromHttp } from "../context/http-egress.ts";
import type { Library } from "../library.ts";

/** `node:http` and `node:https`, both sides. */
export const http: Library = {
  name: "http",
  instrumentation({ context }) {
    const { egress } = contextParts(context);
    return new HttpInstrumentation({
      ignoreOutgoingRequestHook(options) {
        headersAsObject(options);
        return false;
      },
      startOutgoingSpanHook: hostOfOptions,
      requestHook: (span, request) => withholdFromHttp(egress, span, request),
    });
  },
};

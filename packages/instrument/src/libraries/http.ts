import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import type { Library } from "../library.ts";

/** `node:http` and `node:https`, both sides. */
export const http: Library = {
  name: "http",
  instrumentation: () => new HttpInstrumentation(),
};

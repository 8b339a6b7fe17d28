import { ExpressInstrumentation } from "@opentelemetry/instrumentation-express";
import type { Library } from "../library.ts";

export const express: Library = {
  name: "express",
  instrumentation: () => new ExpressInstrumentation(),
};

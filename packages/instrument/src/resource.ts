import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Attributes } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { defaultServiceName } from "./service-name.ts";
import type { Settings } from "./settings.ts";

/** Which service, host and process this is. What the environment says goes before what is found. */
export function resourceAttributes(settings: Settings): Attributes {
  return {
    "service.name": settings.serviceName || defaultServiceName(process.argv[1]),
    "service.instance.id": randomUUID(),
    "host.name": hostname(),
    "process.pid": process.pid,
    "process.runtime.version": process.versions.node,
    ...SDK_INFO,
    "telemetry.distro.name": "clew",
    ...settings.resourceAttributes,
  };
}

import { hostname } from "node:os";
import type { Attributes } from "@opentelemetry/api";
import { SDK_INFO } from "@opentelemetry/core";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import { defaultServiceName } from "./service-name.ts";
import type { Settings } from "./settings.ts";

/**
 * Which service, host and process this is. What the environment says goes before what is found; `service` is what
 * the thread that made this one is called.
 */
export function resourceAttributes(settings: Settings, service?: string): Attributes {
  return {
    "service.name": settings.serviceName || (service ?? defaultServiceName(process.argv[1])),
    "service.instance.id": randomUuid(),
    "host.name": hostname(),
    "process.pid": process.pid,
    "process.runtime.version": process.versions.node,
    ...SDK_INFO,
    "telemetry.distro.name": "clew",
    ...settings.resourceAttributes,
  };
}

/** Version 4. `node:crypto` would have to be loaded for one. */
function randomUuid(): string {
  const id = new RandomIdGenerator().generateTraceId();
  const variant = ((Number.parseInt(id[16]!, 16) & 3) | 8).toString(16);
  const parts = [
    id.slice(0, 8),
    id.slice(8, 12),
    `4${id.slice(13, 16)}`,
    variant + id.slice(17, 20),
    id.slice(20),
  ];
  return parts.join("-");
}

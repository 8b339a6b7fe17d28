import { type Fields, fields } from "../../models/value.ts";

/** Whether an agent leaves the telemetry of a call to us: it is neither switched off nor somebody else's. */
export function isOurs(options: Fields): boolean {
  const telemetry = fields(options.telemetry ?? options.experimental_telemetry);
  return (
    telemetry.isEnabled !== false && telemetry.integrations === undefined && telemetry.tracer === undefined
  );
}

/** The provider and the name of a model: an object, or `provider/name` for the gateway. */
export function modelOf(model: unknown): Fields {
  if (typeof model !== "string") return fields(model);
  const slash = model.indexOf("/");
  return { provider: model.slice(0, Math.max(slash, 0)), modelId: model.slice(slash + 1) };
}

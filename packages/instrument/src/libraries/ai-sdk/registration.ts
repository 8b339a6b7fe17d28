/**
 * Puts an integration into the AI SDK's own list, so that the SDK need not be loaded; bundled copies of it have the
 * list too. `make` is called when somebody reads the list.
 */
export function registerTelemetry(make: () => object): void {
  const shared = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };
  shared.AI_SDK_TELEMETRY_INTEGRATIONS ??= [];
  const list = shared.AI_SDK_TELEMETRY_INTEGRATIONS;
  const at = list.length;
  const become = (value: unknown) =>
    Object.defineProperty(list, at, { value, writable: true, enumerable: true, configurable: true });
  const get = () => {
    const made = make();
    become(made);
    return made;
  };
  Object.defineProperty(list, at, { get, set: become, enumerable: true, configurable: true });
}

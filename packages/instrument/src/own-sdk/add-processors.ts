/** Processors of spans or of log records; every SDK calls the same methods. */
type Processor = object;

/**
 * Has a provider of the agent's, made by SDK 1, 2 or 3, hand its spans to one more processor beside its own.
 * False for a provider of another make, which stays as it is.
 */
export function addSpanProcessor(provider: object, processor: Processor): boolean {
  const { _activeSpanProcessor: active } = provider as { _activeSpanProcessor?: object };
  const list = (active as { _spanProcessors?: unknown } | undefined)?._spanProcessors;
  if (Array.isArray(list)) {
    list.push(processor);
    return true;
  }
  return addToFirstSdk(provider, processor);
}

interface FirstSdk {
  activeSpanProcessor: object;
  readonly _registeredSpanProcessors: unknown[];
  addSpanProcessor(processor: Processor): void;
}

/**
 * Adding the first processor to a provider of SDK 1 shuts down the one that it made from the environment, so
 * that one is added as well.
 */
function addToFirstSdk(provider: object, processor: Processor): boolean {
  const sdk = provider as Partial<FirstSdk>;
  const { activeSpanProcessor: active, _registeredSpanProcessors: registered } = sdk;
  if (typeof sdk.addSpanProcessor !== "function" || !Array.isArray(registered) || active === undefined) {
    return false;
  }
  if (registered.length === 0 && "_exporter" in active) registered.push(active);
  sdk.addSpanProcessor(processor);
  return true;
}

/** The same for log records. */
export function addLogProcessor(provider: object, processor: Processor): boolean {
  const { _sharedState: state, addLogRecordProcessor } = provider as {
    _sharedState?: { activeProcessor?: { processors?: unknown } };
    addLogRecordProcessor?: unknown;
  };
  if (typeof addLogRecordProcessor === "function") {
    addLogRecordProcessor.call(provider, processor);
    return true;
  }
  const list = state?.activeProcessor?.processors;
  if (!Array.isArray(list)) return false;
  list.push(processor);
  return true;
}

/** An exporter of log records keeps its address this far inside its provider. */
const MAX_DEPTH = 8;

/** True when something inside a provider sends to one of our own addresses: then its spans arrive without us. */
export function sendsTo(provider: object, urls: readonly string[]): boolean {
  const wanted = new Set(urls.map(normalised));
  const seen = new Set<unknown>();
  const search = (value: unknown, depth: number): boolean => {
    if (typeof value === "string") return value.includes("://") && wanted.has(normalised(value));
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH || seen.has(value)) return false;
    seen.add(value);
    return Object.values(Object.getOwnPropertyDescriptors(value)).some((property) =>
      search(property.value, depth + 1),
    );
  };
  const { _activeSpanProcessor, activeSpanProcessor, _sharedState } = provider as Record<string, unknown>;
  return [_activeSpanProcessor, activeSpanProcessor, _sharedState].some((part) => search(part, 0));
}

function normalised(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url;
  const host = /^(localhost|\[::1\])$/.test(parsed.hostname) ? "127.0.0.1" : parsed.hostname;
  return `${parsed.protocol}//${host}:${parsed.port}${parsed.pathname.replace(/\/+$/, "")}`;
}

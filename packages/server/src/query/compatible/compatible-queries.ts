import type { Store } from "../../store/store.ts";
import { type MetricsRequest, type MetricsResult, metrics } from "../traceql/metrics/metrics.ts";
import { type AttributeLevel, attributeKeys } from "./attribute-keys.ts";
import { type FieldValue, type FieldValuesRequest, fieldValues } from "./field-values.ts";
import { knownOperations, knownRemoteServices, knownServices, type Operation } from "./known-names.ts";
import { type MatchingTracesRequest, matchingTraces } from "./matching-traces.ts";
import { type ServiceLink, type ServiceLinksRequest, serviceLinks } from "./service-links.ts";
import type { SpanMatch } from "./span-match.ts";
import { type TempoSearchAnswer, type TempoSearchRequest, tempoSearch } from "./tempo-search.ts";
import { MOST_SPANS, type WholeTrace, wholeTraces } from "./whole-traces.ts";

/** Spans of a service. */
type OfService = Pick<SpanMatch, "service" | "ignoreCase">;

/** Every question that the compatible APIs ask, of one store. Each method is documented where its query is. */
export class CompatibleQueries {
  readonly #store: Store;
  readonly #mostSpans: number;

  /** `mostSpans` are put into one answer. */
  constructor(store: Store, { mostSpans = MOST_SPANS }: { readonly mostSpans?: number } = {}) {
    this.#store = store;
    this.#mostSpans = mostSpans;
  }

  wholeTraces(ids: readonly string[], signal?: AbortSignal): Promise<WholeTrace[]> {
    const mostSpans = this.#mostSpans;
    return wholeTraces(this.#store, { ids, mostSpans, ...(signal && { signal }) });
  }

  async matchingTraces(request: MatchingTracesRequest): Promise<WholeTrace[]> {
    return this.wholeTraces(await matchingTraces(this.#store, request), request.signal);
  }

  services(signal: AbortSignal): Promise<string[]> {
    return knownServices(this.#store, signal);
  }

  operations(match: OfService, signal: AbortSignal): Promise<Operation[]> {
    return knownOperations(this.#store, match, signal);
  }

  remoteServices(match: OfService, signal: AbortSignal): Promise<string[]> {
    return knownRemoteServices(this.#store, match, signal);
  }

  serviceLinks(request: ServiceLinksRequest): Promise<ServiceLink[]> {
    return serviceLinks(this.#store, request);
  }

  attributeKeys(
    levels: readonly AttributeLevel[],
    most: number,
    signal: AbortSignal,
  ): Promise<Map<AttributeLevel, string[]>> {
    return attributeKeys(this.#store, levels, most, signal);
  }

  fieldValues(request: FieldValuesRequest): Promise<FieldValue[]> {
    return fieldValues(this.#store, request);
  }

  tempoSearch(request: TempoSearchRequest): Promise<TempoSearchAnswer> {
    return tempoSearch(this.#store, request);
  }

  metrics(request: MetricsRequest): Promise<MetricsResult> {
    return metrics(this.#store, request);
  }
}

import type { InstrumentationScope, Resource, ScopeSpans, Span, TracesData } from "./model.ts";

/** What a request in another format became. */
export interface ForeignSpans {
  readonly data: TracesData;
  /** Spans that could not be understood; the others are in `data`. */
  readonly rejected: readonly RejectedSpan[];
}

export interface RejectedSpan {
  /** Position of the span in what was sent, counted from 0 over all of it. */
  readonly index: number;
  /** Such as `timestamp: expected microseconds since the epoch, came the text "now"`. */
  readonly reason: string;
}

/** Puts spans under their resource and scope, in the order in which these first appear. */
export class SpanGroups {
  readonly #resources = new Map<Resource, Map<string, ScopeSpans & { spans: Span[] }>>();

  /** Resources are told apart by identity, scopes by content. */
  add(resource: Resource, scope: InstrumentationScope, span: Span): void {
    let scopes = this.#resources.get(resource);
    if (scopes === undefined) this.#resources.set(resource, (scopes = new Map()));
    const key = JSON.stringify([scope.name, scope.version]);
    const group = scopes.get(key);
    if (group !== undefined) group.spans.push(span);
    else scopes.set(key, { ...(scope.name !== undefined && { scope }), spans: [span] });
  }

  data(): TracesData {
    const groups = [...this.#resources];
    if (groups.length === 0) return {};
    return {
      resourceSpans: groups.map(([resource, scopes]) => ({ resource, scopeSpans: [...scopes.values()] })),
    };
  }
}

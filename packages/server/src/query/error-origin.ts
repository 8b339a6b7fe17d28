/** What tells where an error came from. */
export interface ErrorSpan {
  readonly span_id: string;
  readonly parent_span_id: string;
}

/**
 * Of error spans of one trace, in the order in which they ended, the one in which the first error began:
 *
 *     GET /stock       orders     ended first, because the answer came before
 *     └─ GET /stock    inventory  the span that it came from ended
 *
 * Undefined for no spans. Takes a caller's error for that of what it called.
 */
export function errorOrigin<Span extends ErrorSpan>(errors: readonly Span[]): Span | undefined {
  const firstBelow = new Map<string, Span>();
  for (const span of errors) {
    if (!firstBelow.has(span.parent_span_id)) firstBelow.set(span.parent_span_id, span);
  }
  let origin = errors[0];
  // Parents that go round in a circle must not hold anybody up.
  for (let steps = errors.length; origin !== undefined && steps > 0; steps--) {
    const below = firstBelow.get(origin.span_id);
    if (below === undefined) break;
    origin = below;
  }
  return origin;
}

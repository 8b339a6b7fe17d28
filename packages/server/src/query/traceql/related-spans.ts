import type { Relation, StructuralOperator } from "@clew/protocol/traceql/ast";
import { NOBODY, type TraceTree } from "./trace-tree.ts";

/** Spans of a trace by their index: 1 for those that are meant. */
export type SpanSet = Uint8Array;

/**
 * The spans that a structural operator leaves: of the right side those that (for `!`: do not) stand in the relation to
 * some span of the left side, and with `&` also the spans of the left side that they stand in it to. Linear in the
 * trace.
 */
export function relatedSpans(
  operator: StructuralOperator,
  left: SpanSet,
  right: SpanSet,
  tree: TraceTree,
): SpanSet {
  const isNegated = operator.startsWith("!");
  const isUnion = operator.startsWith("&");
  const relation = (isNegated || isUnion ? operator.slice(1) : operator) as Relation;
  const related = both(right, PARTNERS[relation](left, tree), isNegated);
  if (!isUnion) return related;
  const partners = both(left, PARTNERS[INVERSE[relation]](related, tree), false);
  return related.map((is, span) => is | partners[span]!);
}

const INVERSE: Readonly<Record<Relation, Relation>> = {
  ">": "<",
  ">>": "<<",
  "<": ">",
  "<<": ">>",
  "~": "~",
};

/** All spans that stand in a relation to some span of a set. */
const PARTNERS: Readonly<Record<Relation, (of: SpanSet, tree: TraceTree) => SpanSet>> = {
  ">": childrenOf,
  ">>": descendantsOf,
  "<": parentsOf,
  "<<": ancestorsOf,
  "~": siblingsOf,
};

function both(spans: SpanSet, others: SpanSet, without: boolean): SpanSet {
  return spans.map((is, span) => is & (without ? 1 - others[span]! : others[span]!));
}

function childrenOf(of: SpanSet, { parents }: TraceTree): SpanSet {
  return of.map((_, span) => (parents[span] === NOBODY ? 0 : of[parents[span]!]!));
}

function parentsOf(of: SpanSet, { parents }: TraceTree): SpanSet {
  const found = new Uint8Array(of.length);
  for (const [span, is] of of.entries()) if (is === 1 && parents[span] !== NOBODY) found[parents[span]!] = 1;
  return found;
}

function descendantsOf(of: SpanSet, tree: TraceTree): SpanSet {
  const { parents, downwards } = tree;
  const found = new Uint8Array(of.length);
  // Who stands in a ring is below all others there, and below itself.
  for (const ring of tree.rings)
    if (ring.some((span) => of[span] === 1)) for (const span of ring) found[span] = 1;
  for (const span of downwards) {
    const parent = parents[span]!;
    if (parent !== NOBODY && (of[parent] === 1 || found[parent] === 1)) found[span] = 1;
  }
  return found;
}

function ancestorsOf(of: SpanSet, tree: TraceTree): SpanSet {
  const { parents, downwards } = tree;
  const found = new Uint8Array(of.length);
  for (let at = downwards.length - 1; at >= 0; at--) {
    const span = downwards[at]!;
    const parent = parents[span]!;
    if (parent !== NOBODY && (of[span] === 1 || found[span] === 1)) found[parent] = 1;
  }
  // What leads up to one of a ring leads to all of it.
  for (const ring of tree.rings)
    if (ring.some((span) => found[span] === 1)) for (const span of ring) found[span] = 1;
  return found;
}

function siblingsOf(of: SpanSet, { families }: TraceTree): SpanSet {
  const counts = new Int32Array(of.length);
  for (const [span, is] of of.entries()) counts[families[span]!]! += is;
  return of.map((is, span) => Number(counts[families[span]!]! > is));
}

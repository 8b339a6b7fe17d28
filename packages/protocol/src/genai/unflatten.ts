import { type Attributes, emptyRecord, isUnsafeKey } from "./plain-value.ts";

/** Nodes built for one span; what comes after is left out. A key's numbers cost nothing, however large. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 16;

type Tree = Map<string, Tree | { readonly leaf: unknown }>;

/**
 * Attributes whose keys begin with `prefix.` as the nested value they were flattened from: `a.0.b` and
 * `a.1.b` become `[{b}, {b}]`. Children whose keys are all numbers become an array in numeric order, without
 * gaps. Undefined when there is no such key.
 */
export function unflatten(attributes: Attributes, prefix: string): unknown {
  const start = `${prefix}.`;
  const root: Tree = new Map();
  let nodes = 0;
  for (const key of attributes.keys()) {
    if (!key.startsWith(start)) continue;
    const path = key.slice(start.length).split(".");
    if (path.length > MAX_DEPTH || path.some((step) => step === "" || isUnsafeKey(step))) continue;
    nodes += path.length;
    if (nodes > MAX_NODES) break;
    insert(root, path, attributes.get(key));
  }
  return root.size === 0 ? undefined : built(root);
}

/** The first writer of a place keeps it: a leaf does not become a branch, nor a branch a leaf. */
function insert(root: Tree, path: readonly string[], leaf: unknown): void {
  let tree = root;
  for (const step of path.slice(0, -1)) {
    let next = tree.get(step);
    if (next === undefined) {
      next = new Map();
      tree.set(step, next);
    }
    if (!(next instanceof Map)) return;
    tree = next;
  }
  const last = path[path.length - 1]!;
  if (!tree.has(last)) tree.set(last, { leaf });
}

function built(tree: Tree): unknown {
  const entries = [...tree].map(
    ([key, child]) => [key, child instanceof Map ? built(child) : child.leaf] as const,
  );
  if (entries.every(([key]) => /^\d{1,10}$/.test(key))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
  }
  const record = emptyRecord();
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/** From the least of the starts to the greatest of the ends; there is at least one. */
export function extentOf<Item>(
  items: readonly Item[],
  startOf: (item: Item) => bigint,
  endOf: (item: Item) => bigint,
): { readonly startNs: bigint; readonly endNs: bigint } {
  const [first] = items;
  if (first === undefined) throw new RangeError("Nothing has no extent");
  let startNs = startOf(first);
  let endNs = endOf(first);
  for (const item of items) {
    const start = startOf(item);
    const end = endOf(item);
    if (start < startNs) startNs = start;
    if (end > endNs) endNs = end;
  }
  return { startNs, endNs };
}

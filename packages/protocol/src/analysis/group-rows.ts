/** Rows in groups. Within a group they are in the order they came in, groups in the order of their first rows. */
export interface RowGroups {
  readonly count: number;
  readonly rows: Int32Array;
  /** Group i is `rows` from `start[i]` up to `start[i + 1]`. */
  readonly start: Int32Array;
}

/** Puts the rows together whose `keys` are the same; `keys` are by place in `rows`. */
export function groupRows(rows: Int32Array, keys: Float64Array): RowGroups {
  const groups = new Map<number, number>();
  const { length } = rows;
  const groupAt = new Int32Array(length);
  const sizes: number[] = [];
  for (let at = 0; at < length; at++) {
    const key = keys[at]!;
    let group = groups.get(key);
    if (group === undefined) {
      groups.set(key, (group = sizes.length));
      sizes.push(0);
    }
    groupAt[at] = group;
    sizes[group]!++;
  }
  const count = sizes.length;
  const start = new Int32Array(count + 1);
  for (let group = 0; group < count; group++) start[group + 1] = start[group]! + sizes[group]!;
  const next = start.slice();
  const grouped = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    const group = groupAt[at]!;
    grouped[next[group]!] = rows[at]!;
    next[group]!++;
  }
  return { count, rows: grouped, start };
}

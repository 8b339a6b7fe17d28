/**
 * In a cluster, subqueries see the rows of every shard. Which granules a condition did not match is not
 * remembered: conditions with values rarely come twice, and a wrong memory would hide rows.
 */
const EVERYWHERE = { distributed_product_mode: "global", use_query_condition_cache: 0 } as const;

/**
 * For statements that read a few granules: one thread that also writes the answer, and the indexes before the data
 * instead of beside them, which halves the time such a statement takes.
 */
export const POINT_LOOKUP = {
  ...EVERYWHERE,
  max_threads: 1,
  output_format_parallel_formatting: 0,
  use_skip_indexes_on_data_read: 0,
} as const;

/** For statements that may read much. */
export const SCAN = { ...EVERYWHERE, use_skip_indexes_on_data_read: 0 } as const;

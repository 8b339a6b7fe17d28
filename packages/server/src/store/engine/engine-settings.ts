const MIB = 1024 * 1024;

/**
 * The engine's server settings, as chDB takes them: for a laptop where agents need the memory and the
 * processor more than their traces do. chDB itself brings two threads for merges.
 */
export function connectionArgs(machineBytes: number): string[] {
  const cache = Math.min(128 * MIB, Math.floor(machineBytes / 64));
  const settings = {
    mark_cache_size: cache,
    primary_index_cache_size: cache,
    index_mark_cache_size: cache,
    text_index_tokens_cache_size: cache,
    text_index_header_cache_size: cache,
    text_index_postings_cache_size: cache,
    // Merging can wait; who asks, and who sends, should not.
    os_threads_nice_value_merge_mutate: 10,
    // Figures that nobody reads, and a look at the process's memory every 50 ms.
    asynchronous_metrics_update_period_s: 60,
    memory_worker_period_ms: 500,
    // Parameters are set by a statement, and may be long lists.
    max_query_size: 64 * MIB,
    max_server_memory_usage: Math.floor(
      Math.max(machineBytes * 0.375, Math.min(machineBytes * 0.75, 1024 * MIB)),
    ),
  };
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
}

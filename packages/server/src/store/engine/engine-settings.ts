const MIB = 1024 * 1024;

/**
 * The engine's server settings, as chDB takes them: for a laptop where agents need the memory and the
 * processor more than their traces do.
 */
export function connectionArgs(machineBytes: number): string[] {
  const eighth = Math.floor(machineBytes / 8);
  const settings = {
    // Marks and primary keys of parts that were read lately; enough for tens of millions of spans.
    mark_cache_size: Math.min(128 * MIB, eighth),
    primary_index_cache_size: Math.min(128 * MIB, eighth),
    // The memory figures of the engine are refreshed for nobody: nothing reads them.
    asynchronous_metrics_update_period_s: 60,
    max_server_memory_usage: Math.min(Math.max(eighth * 3, 1024 * MIB), eighth * 6),
  };
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
}

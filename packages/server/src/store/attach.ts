import { engineClient } from "./clickhouse-client.ts";
import { ClickHouseStore, openCluster } from "./clickhouse-store.ts";
import { spoolDirOf } from "./engine/messages.ts";

/** What another thread needs to reach the same store; it can be sent in a message. */
export type StoreHandle =
  | { readonly socket: string; readonly location: string }
  | { readonly url: string; readonly cluster?: string };

/**
 * A second way to a store that another thread opened. It does not own the engine: closing it closes its
 * connections only, and while the engine restarts its calls reject with `StoreUnavailable`.
 */
export async function attachStore(handle: StoreHandle): Promise<ClickHouseStore> {
  if ("url" in handle) {
    const log = { info() {}, warn() {}, error() {} };
    return await openCluster({ ...handle, log });
  }
  return new ClickHouseStore(
    engineClient(() => ({ socket: handle.socket })),
    { location: handle.location, spoolDir: spoolDirOf(handle.location) },
  );
}

import type { StoreHandle } from "./attach.ts";
import { type ClickHouseStore, openCluster, openEmbedded } from "./clickhouse-store.ts";
import { migrate } from "./migrate.ts";
import type { Store } from "./store.ts";
import type { StoreLog } from "./supervisor.ts";

export interface OpenStoreOptions {
  /** `embedded`, or a database's URL. */
  readonly store: string;
  readonly cluster?: string | undefined;
  /** Folder of the embedded engine. */
  readonly dataDir: string;
  readonly log: StoreLog;
}

export interface OpenedStore {
  readonly store: Store;
  /** For other threads. */
  readonly handle: StoreHandle;
}

/** Opens the store that a configuration names and brings its schema up to date. Rejects with this folder's errors. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { store: url, cluster, dataDir, log } = options;
  const isEmbedded = url === "embedded";
  const clustered = cluster === undefined ? { url } : { url, cluster };
  const store = isEmbedded ? await openEmbedded({ dataDir, log }) : await openCluster({ ...clustered, log });
  try {
    await migrate(store);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, handle: isEmbedded ? embeddedHandle(store) : clustered };
}

function embeddedHandle({ address, location }: ClickHouseStore): StoreHandle {
  if (address === undefined || !("socket" in address)) throw new TypeError("the engine has no socket");
  return { socket: address.socket, location };
}

/** Where the data will be, for people: without a password. */
export function shownLocation({ store, dataDir }: Pick<OpenStoreOptions, "store" | "dataDir">): string {
  if (store === "embedded") return dataDir;
  const { protocol, host, pathname } = new URL(store);
  return `${protocol}//${host}${pathname}`;
}

import type { Config } from "../../config/load-config.ts";
import type { Logger } from "../../log.ts";
import type { StoreHandle } from "../../store/attach.ts";
import { type ClickHouseStore, openCluster, openEmbedded } from "../../store/clickhouse-store.ts";
import { migrate } from "../../store/migrate.ts";

export interface OpenedStore {
  readonly store: ClickHouseStore;
  /** For the ingest thread. */
  readonly handle: StoreHandle;
}

/** Opens the store of a configuration and brings its schema up to date. Rejects with the errors of `store/`. */
export async function openStore(config: Config, log: Logger): Promise<OpenedStore> {
  const { store: url, cluster, dataDir } = config;
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

function embeddedHandle(store: ClickHouseStore): StoreHandle {
  const { address, location } = store;
  if (address === undefined || !("socket" in address)) throw new TypeError("the engine has no socket");
  return { socket: address.socket, location };
}

/** Where the data will be, for people: without a password. */
export function shownLocation({ store, dataDir }: Config): string {
  if (store === "embedded") return dataDir;
  const { protocol, host, pathname } = new URL(store);
  return `${protocol}//${host}${pathname}`;
}

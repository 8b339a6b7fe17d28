import type { StoreHandle } from "./attach.ts";
import { type ClickHouseStore, openCluster, openEmbedded } from "./clickhouse-store.ts";
import { migrate } from "./migrate.ts";
import { setPromptIndex } from "./prompt-index.ts";
import { applyRetention } from "./retention.ts";
import type { Store } from "./store.ts";
import type { StoreLog } from "./supervisor.ts";

export interface OpenStoreOptions {
  /** `embedded`, or a database's URL. */
  readonly store: string;
  readonly cluster?: string | undefined;
  /** Folder of the embedded engine. */
  readonly dataDir: string;
  readonly retention: { readonly days: number; readonly maxBytes?: number | undefined };
  readonly promptIndex: boolean;
  readonly log: StoreLog;
}

export interface OpenedStore {
  readonly store: Store;
  /** For other threads. */
  readonly handle: StoreHandle;
}

const RETENTION_EVERY_MS = 5 * 60_000;

/**
 * Opens the store that a configuration names, brings its schema up to date and keeps it within its limits.
 * Rejects with this folder's errors.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { store: url, cluster, dataDir, log } = options;
  const isEmbedded = url === "embedded";
  const clustered = cluster === undefined ? { url } : { url, cluster };
  const store = isEmbedded ? await openEmbedded({ dataDir, log }) : await openCluster({ ...clustered, log });
  try {
    await migrate(store);
    await setPromptIndex(store, options.promptIndex);
  } catch (error) {
    await store.close();
    throw error;
  }
  keepWithin(store, options);
  return { store, handle: isEmbedded ? embeddedHandle(store) : clustered };
}

/** Ends by itself when the store is closed. */
function keepWithin(store: ClickHouseStore, { retention, log }: OpenStoreOptions): void {
  const { days: maxDays, maxBytes } = retention;
  const limits = { maxDays, ...(maxBytes !== undefined && { maxBytes }) };
  const apply = async (): Promise<void> => {
    try {
      const { droppedDays, freedBytes } = await applyRetention(store, limits);
      if (droppedDays.length > 0)
        log.info({ days: droppedDays, freedBytes }, "dropped what retention does not keep");
    } catch (error) {
      if (store.state === "ready") log.warn({ error }, "retention could not be applied; will try again");
    }
  };
  void apply();
  const timer = setInterval(() => {
    if (store.state === "closed") clearInterval(timer);
    else void apply();
  }, RETENTION_EVERY_MS).unref();
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

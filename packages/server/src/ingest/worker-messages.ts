import type { StoreHandle } from "../store/attach.ts";
import type { InsertTrouble } from "../store/inserter.ts";
import type { LogDamage } from "./log/log-reader.ts";
import type { StoredBatch } from "./log-to-store.ts";

/** What the ingest thread is started with. */
export interface WorkerSettings {
  readonly dir: string;
  readonly committed: SharedArrayBuffer;
  readonly store: StoreHandle;
  readonly gatherMs: number;
  readonly pricesFile: string | undefined;
}

/** To the ingest thread. `finish`: store everything, then end. `abandon`: end now, the log keeps the rest. */
export type WorkerOrder = { readonly type: "finish" } | { readonly type: "abandon" };

/** From the ingest thread. */
export type WorkerMessage =
  | { readonly type: "stored"; readonly stored: StoredBatch; readonly duplicates: number }
  | { readonly type: "trouble"; readonly trouble: InsertTrouble | undefined }
  | { readonly type: "damage"; readonly damage: readonly LogDamage[] }
  | { readonly type: "ended"; readonly complete: boolean };

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseStore, openEmbedded } from "../../store/clickhouse-store.ts";
import { migrate } from "../../store/migrate.ts";

export interface TestStore {
  readonly store: ClickHouseStore;
  /** Ends the engine and removes its folder. */
  close(): Promise<void>;
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** An embedded store with an empty schema in a temporary folder. */
export async function openTestStore(): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), "clew-query-"));
  const store = await openEmbedded({ dataDir, log: SILENT });
  await migrate(store);
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

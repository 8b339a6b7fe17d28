import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../../store/migrate.ts";

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Migratable = Parameters<typeof migrate>[0];

export interface TestStore {
  readonly store: Migratable;
  /** Ends the engine and removes its folder. */
  close(): Promise<void>;
}

/** An embedded store, opened by `open`, with an empty schema in a temporary folder. */
export async function openTestStore(
  open: (options: { dataDir: string; log: typeof SILENT }) => Promise<Migratable>,
): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), "clew-query-"));
  const store = await open({ dataDir, log: SILENT });
  await migrate(store);
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

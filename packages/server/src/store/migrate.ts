import { PublicError } from "../errors.ts";
import type { ClickHouseStore } from "./clickhouse-store.ts";
import { neededSetting, readSchema, renderCluster, renderLocal, type SchemaFile } from "./schema.ts";
import { StoreRefused } from "./store-errors.ts";

/** ClickHouse's number for a database that does not exist. */
const UNKNOWN_DATABASE = 81;

/** The data were written by a newer release; nothing was changed. */
export class SchemaTooNew extends PublicError {
  readonly code = "schema_too_new";
  readonly status = 409;

  constructor(location: string, found: number, known: number) {
    super(
      `The data at ${location} have schema version ${found}, this release knows ${known}: use a newer release`,
    );
  }
}

/**
 * Brings the store's schema to this release's, from nothing or from any earlier one. Rejects with
 * `SchemaTooNew`. Several processes may do this to one cluster at the same time.
 */
export async function migrate(
  store: ClickHouseStore,
  files: readonly SchemaFile[] = readSchema(),
): Promise<void> {
  const first = files[0];
  if (first === undefined) return;
  const render = (file: SchemaFile) =>
    store.cluster === undefined ? renderLocal(file) : renderCluster(file, store.cluster);
  const createFirst = async () => {
    for (const sql of render(first)) await store.command(sql);
  };
  await createFirst().catch(async (error) => {
    if (!(error instanceof StoreRefused) || error.clickhouseCode !== UNKNOWN_DATABASE) throw error;
    await store.createDatabase();
    await createFirst();
  });
  const rows = await store.query<{ version: number }>("SELECT DISTINCT version FROM schema_migrations");
  const applied = new Set(rows.map((row) => row.version));
  const newest = files.at(-1)?.version ?? 0;
  const found = Math.max(0, ...applied);
  if (found > newest) throw new SchemaTooNew(store.location, found, newest);
  for (const file of files) {
    if (applied.has(file.version)) continue;
    if (await isKnown(store, neededSetting(file)))
      for (const sql of render(file)) await store.command(sql, { timeoutMs: 600_000 });
    await store.command("INSERT INTO schema_migrations SELECT {version:UInt32}, {name:String}, now('UTC')", {
      parameters: { version: file.version, name: file.name },
    });
  }
}

async function isKnown(store: ClickHouseStore, setting: string | undefined): Promise<boolean> {
  if (setting === undefined) return true;
  const sql = "SELECT name FROM system.merge_tree_settings WHERE name = {setting:String}";
  return (await store.query(sql, { parameters: { setting } })).length > 0;
}

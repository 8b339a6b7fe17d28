import { readdirSync, readFileSync } from "node:fs";

/** `packages/server/sql/schema/`, from `src/store` and from `dist/store` alike. */
const FOLDER = new URL("../../sql/schema/", import.meta.url);

/** One file of `sql/schema`: a table, a view, or a change to one. Its number is the schema's version after it. */
export interface SchemaFile {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Every file of `sql/schema`, in order. Throws when a name has no number or two have the same. */
export function readSchema(folder: URL = FOLDER): SchemaFile[] {
  const files = readdirSync(folder)
    .sort()
    .map((name): SchemaFile => {
      const version = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
      if (version === undefined) throw new Error(`${name} is not named 0000-like-this.sql`);
      return { version: Number(version), name, sql: readFileSync(new URL(name, folder), "utf8").trim() };
    });
  for (const [at, file] of files.entries()) {
    if (files[at - 1]?.version === file.version) throw new Error(`${file.name} has a number twice`);
  }
  return files;
}

/** The statements that bring one server, the embedded engine or another, to a file's version. */
export function renderLocal(file: SchemaFile): string[] {
  return [createOnce(statement(file))];
}

/**
 * The statements that bring a cluster to a file's version. A table becomes a replicated `x_local` on every
 * shard with a Distributed `x` over it; a materialised view lives between two `_local` tables; a plain view
 * reads the Distributed ones. `cluster` is its name in ClickHouse's configuration, or the macro for it.
 */
export function renderCluster(file: SchemaFile, cluster = "{cluster}"): string[] {
  const sql = createOnce(statement(file));
  const on = `ON CLUSTER '${cluster}'`;
  const [, kind, name] =
    /^(CREATE OR REPLACE VIEW|CREATE \w+(?: VIEW)?|ALTER TABLE|DROP VIEW)(?: IF (?:NOT )?EXISTS)? (\w+)/.exec(
      sql,
    ) ?? [];
  switch (kind) {
    case "CREATE TABLE":
      if (directive(file, "replicas") === "every node") return [replicatedEverywhere(sql, on)];
      return shardedTable(sql, name!, on, cluster, shardingOf(file));
    case "CREATE MATERIALIZED VIEW":
      return [localView(sql, on)];
    case "CREATE VIEW":
    case "CREATE OR REPLACE VIEW":
      return [distributedView(sql, on)];
    case "ALTER TABLE":
      if (/ MODIFY QUERY$/m.test(sql)) return [alteredView(sql, name!, on)];
      return alteredTable(sql, name!, on);
    case "DROP VIEW":
      return [`${sql} ${on}`];
    default:
      throw new Error(`${file.name} has a statement of a kind that has no form for a cluster`);
  }
}

function shardedTable(sql: string, name: string, on: string, cluster: string, sharding: string): string[] {
  const local = sql
    .replace(/EXISTS (\w+)/, `EXISTS $1_local ${on}`)
    .replace(/^ENGINE = /m, "ENGINE = Replicated");
  const engine = `Distributed('${cluster}', currentDatabase(), ${name}_local, ${sharding})`;
  return [local, `CREATE TABLE IF NOT EXISTS ${name} ${on} AS ${name}_local\nENGINE = ${engine}`];
}

/** One small table whose rows every node has, whichever of them took them. */
function replicatedEverywhere(sql: string, on: string): string {
  const path = `'/clickhouse/clew/{database}/{table}', '{shard}-{replica}'`;
  return sql
    .replace(/(EXISTS \w+)/, `$1 ${on}`)
    .replace(/^ENGINE = (\w+)\((.*)\)/m, `ENGINE = Replicated$1(${path}, $2)`);
}

/** The alias keeps names like spans.start_time right. */
function localView(sql: string, on: string): string {
  return sql
    .replace(/EXISTS (\w+) TO (\w+)/, `EXISTS $1 ${on} TO $2_local`)
    .replace(/^FROM (\w+)$/m, "FROM $1_local AS $1");
}

/** A materialised view keeps its name on a cluster; what it reads is the local table. */
function alteredView(sql: string, name: string, on: string): string {
  return sql.replace(`TABLE ${name}`, `TABLE ${name} ${on}`).replace(/^FROM (\w+)$/m, "FROM $1_local AS $1");
}

/** The right side of a join is collected from all shards once, instead of by every shard or not at all. */
function distributedView(sql: string, on: string): string {
  return sql.replace(/((?:EXISTS|VIEW) (?!IF )\w+)/, `$1 ${on}`).replace(/^((?:\w+ )*JOIN )/gm, "GLOBAL $1");
}

/** A column is known to both tables; indexes, parts and expiry only to the one that has the data. */
function alteredTable(sql: string, name: string, on: string): string[] {
  const forTable = (table: string) => sql.replace(`ALTER TABLE ${name}`, `ALTER TABLE ${table} ${on}`);
  const columns = /\b(ADD|DROP|MODIFY|RENAME) COLUMN\b/.test(sql);
  return columns ? [forTable(`${name}_local`), forTable(name)] : [forTable(`${name}_local`)];
}

/** The setting of tables without which a file is left out: `-- needs: name`; older servers lack it. */
export function neededSetting(file: SchemaFile): string | undefined {
  return directive(file, "needs");
}

function shardingOf(file: SchemaFile): string {
  const sharding = directive(file, "sharding");
  if (sharding === undefined) throw new Error(`${file.name} does not say how its rows are sharded`);
  return sharding;
}

/** `-- name: value` in the head of the file. */
function directive(file: SchemaFile, name: string): string | undefined {
  return new RegExp(`^-- ${name}: (.+)$`, "m").exec(file.sql)?.[1];
}

/** The file without its head. */
function statement(file: SchemaFile): string {
  return file.sql.replace(/^(--.*\n)+/, "");
}

/** A schema that was half applied is applied again from the start. */
function createOnce(sql: string): string {
  return sql.replace(/^(CREATE (?:TABLE|VIEW|MATERIALIZED VIEW)) (?!IF NOT EXISTS)/, "$1 IF NOT EXISTS ");
}

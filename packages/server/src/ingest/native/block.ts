import { Bytes } from "./bytes.ts";
import type { Column } from "./columns.ts";

/** A block's columns by name, in the order they are written. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * A block in ClickHouse's Native format without block info: counts, then for each column its name, type,
 * prefix and data. The pieces refer to the columns' memory and are valid until these are reset.
 */
export function nativeBlock(columns: Columns, rows: number): Uint8Array[] {
  const entries = Object.entries(columns);
  const chunks: Uint8Array[] = [];
  let head = new Bytes(256);
  head.varint(entries.length);
  head.varint(rows);
  for (const [name, column] of entries) {
    head.string(name);
    head.string(column.type);
    column.prefix(head);
    chunks.push(head.view());
    for (const chunk of column.chunks()) if (chunk.length > 0) chunks.push(chunk);
    head = new Bytes(256);
  }
  return chunks;
}

export function blockSize(columns: Columns): number {
  let size = 0;
  for (const column of Object.values(columns)) size += column.size;
  return size;
}

export function resetColumns(columns: Columns): void {
  for (const column of Object.values(columns)) column.reset();
}

import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";

/** Where attributes of traces stand. */
export type AttributeLevel = "span" | "resource" | "event" | "link" | "scope";

/** Keys of attributes at each level asked for, sorted, at most `most` of each; of all time. */
export async function attributeKeys(
  store: Store,
  levels: readonly AttributeLevel[],
  most: number,
  signal?: AbortSignal,
): Promise<Map<AttributeLevel, string[]>> {
  const rows = await store.query<{ level: AttributeLevel; key: string }>(
    statement("compatible-attribute-keys"),
    { parameters: { levels, most }, settings: POINT_LOOKUP, ...(signal && { signal }) },
  );
  return new Map(
    [...Map.groupBy(rows, (row) => row.level)].map(([level, of]) => [level, of.map((row) => row.key)]),
  );
}

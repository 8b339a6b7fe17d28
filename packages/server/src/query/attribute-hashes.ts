import { fragment } from "./sql.ts";

/**
 * What the index of attributes is made of: the column `attribute_hashes`, written out, because a hint does not look
 * through aliases.
 */
export const ATTRIBUTE_HASHES = fragment`arrayMap((key, value) -> cityHash64(key, value), mapKeys(attributes), mapValues(attributes))`;

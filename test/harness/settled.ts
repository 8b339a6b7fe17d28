import type { ApiClient } from "@clew/protocol/api/client";
import { until } from "./until.ts";

/**
 * Resolves when all that a server has taken is in its store: then no insert is under way, and none is left to be
 * made good.
 */
export async function settled(api: ApiClient, timeoutMs?: number): Promise<void> {
  const isStored = async () => (await api.status()).pipeline?.logBytes === 0;
  await until("all that was taken to be stored", isStored, timeoutMs === undefined ? {} : { timeoutMs });
}

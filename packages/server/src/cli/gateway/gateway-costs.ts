import type { CostOf } from "../../gateway/understand/call.ts";
import { costUsd, loadPrices } from "../../ingest/understand/prices.ts";

/** What calls cost by the prices that the server uses too. Throws `PricesInvalid`. */
export function costsFrom(pricesFile: string | undefined): CostOf {
  const prices = loadPrices(pricesFile);
  return (model, usage, provider) => {
    const price = prices.priceOf(provider, model);
    if (price === undefined) return undefined;
    return costUsd(price, {
      inputTokens: usage.input ?? 0,
      outputTokens: usage.output ?? 0,
      cacheReadTokens: usage.cacheRead ?? 0,
      cacheWriteTokens: usage.cacheWrite ?? 0,
      reasoningTokens: usage.reasoning ?? 0,
    });
  };
}

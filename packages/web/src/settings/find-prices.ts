import type { ModelPrice } from "@clew/protocol/api/server-settings";

/** The prices that a text is about. */
export interface FoundPrices {
  readonly prices: readonly ModelPrice[];
  /** The one that holds for a model of this name; undefined where none does. */
  readonly holds: ModelPrice | undefined;
}

/** Prices whose pattern holds the text or matches it as the name of a model; the first that matches is the one that counts. */
export function findPrices(all: readonly ModelPrice[], typed: string): FoundPrices {
  const text = typed.trim().toLowerCase();
  if (text === "") return { prices: all, holds: undefined };
  const matching = all.filter((price) => matches(price, text));
  // What a provider alone decides says nothing about a name.
  const holds = matching.find(({ provider }) => provider === undefined) ?? matching[0];
  const prices = all.filter(
    (price) =>
      matching.includes(price) ||
      `${price.match} ${price.provider ?? ""} ${price.note ?? ""}`.toLowerCase().includes(text),
  );
  return {
    prices: holds === undefined ? prices : [holds, ...prices.filter((price) => price !== holds)],
    holds,
  };
}

function matches({ match }: ModelPrice, name: string): boolean {
  try {
    return new RegExp(match, "i").test(name);
  } catch {
    return false;
  }
}

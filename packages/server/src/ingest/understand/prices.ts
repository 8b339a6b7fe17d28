import { readFileSync } from "node:fs";
import { z } from "zod";
import { PublicError } from "../../errors.ts";
import { compilePattern, MAX_NAME } from "./pattern.ts";

/** A price list cannot be read: the file is missing, no JSON, or has a wrong field. The message says which. */
export class PricesInvalid extends PublicError {
  readonly code = "prices_invalid";
  readonly status = 400;
}

const UsdPerMillion = z.number().nonnegative().max(1_000_000);

const Rates = {
  /** Tokens the model reads. */
  input: UsdPerMillion,
  /** Tokens it writes; none for embeddings. */
  output: UsdPerMillion.default(0),
  /** Input read from the provider's cache; without it as `input`. */
  cacheRead: UsdPerMillion.optional(),
  /** Input written to the cache; without it as `input`. */
  cacheWrite: UsdPerMillion.optional(),
  /** Output that is thought, not said; without it as `output`. */
  reasoning: UsdPerMillion.optional(),
};

const Pattern = z
  .string()
  .min(1)
  .transform((source, context) => {
    const pattern = compilePattern(source);
    if (pattern instanceof RegExp) return pattern;
    context.addIssue({ code: "custom", message: `"${source}" ${pattern.problem}` });
    return z.NEVER;
  });

const Entry = z.strictObject({
  /** Matched against the model's name, anywhere in it unless anchored, in any case. */
  match: Pattern,
  /** Matched against the provider; without it the price holds for every provider. */
  provider: Pattern.optional(),
  ...Rates,
  /** Other rates for the whole call once its input is longer than `above` tokens. */
  longContext: z.strictObject({ above: z.int().positive(), ...Rates }).optional(),
  note: z.string().optional(),
});

const Table = z.strictObject({
  /** Day the prices were looked up, `YYYY-MM-DD`. */
  version: z.iso.date().optional(),
  currency: z.literal("USD").default("USD"),
  models: z.array(Entry).max(10_000),
});

/** Prices of one model in US dollars per million tokens. */
export type Price = z.infer<typeof Entry>;
type PriceTable = z.infer<typeof Table>;

/** Tokens of one call; `input` includes the cached ones, `output` the reasoning. */
export interface PricedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
}

const BUILT_IN = new URL("../../../prices/prices.json", import.meta.url);
const MAX_KNOWN = 4096;

/** Which price holds for a call. The first entry that matches counts; a user's entries come first. */
export class Prices {
  /** Day of the built-in prices. */
  readonly version: string;
  readonly models: readonly Price[];
  /** By provider, then model. */
  readonly #known = new Map<string, Map<string, Price | undefined>>();
  #knownCount = 0;

  constructor(builtIn: PriceTable, own: PriceTable | undefined) {
    this.version = builtIn.version ?? "";
    this.models = [...(own?.models ?? []), ...builtIn.models];
  }

  /** The price of a model; undefined when no entry matches. Remembered, so that asking again costs a look-up. */
  priceOf(provider: string, model: string): Price | undefined {
    const ofProvider = this.#known.get(provider);
    const known = ofProvider?.get(model);
    if (known !== undefined || ofProvider?.has(model) === true) return known;
    const price = this.#find(provider.slice(0, MAX_NAME), model.slice(0, MAX_NAME));
    this.#remember(provider, model, price);
    return price;
  }

  #remember(provider: string, model: string, price: Price | undefined): void {
    if (this.#knownCount >= MAX_KNOWN) {
      this.#known.clear();
      this.#knownCount = 0;
    }
    let ofProvider = this.#known.get(provider);
    if (ofProvider === undefined) {
      ofProvider = new Map();
      this.#known.set(provider, ofProvider);
    }
    ofProvider.set(model, price);
    this.#knownCount++;
  }

  #find(provider: string, model: string): Price | undefined {
    if (model === "") return undefined;
    return this.models.find((entry) => entry.match.test(model) && (entry.provider?.test(provider) ?? true));
  }
}

/** Cost of a call in US dollars: cached input, fresh input, reasoning and the rest of the output at their own rates. */
export function costUsd(price: Price, usage: PricedUsage): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  const { longContext } = price;
  const rates = longContext !== undefined && inputTokens > longContext.above ? longContext : price;
  const fresh = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
  const said = Math.max(0, outputTokens - reasoningTokens);
  return (
    (fresh * rates.input +
      cacheReadTokens * (rates.cacheRead ?? rates.input) +
      cacheWriteTokens * (rates.cacheWrite ?? rates.input) +
      said * rates.output +
      reasoningTokens * (rates.reasoning ?? rates.output)) /
    1_000_000
  );
}

/** The prices Clew comes with, after those of the user's file where one is named. Throws `PricesInvalid`. */
export function loadPrices(file?: string | undefined): Prices {
  return new Prices(read(BUILT_IN), file === undefined ? undefined : read(file));
}

function read(file: string | URL): PriceTable {
  const name = file instanceof URL ? "the built-in price list" : file;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PricesInvalid(`Cannot read prices from ${name}: ${(error as Error).message}`, { cause: error });
  }
  const result = Table.safeParse(content);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 5).map((issue) => {
    const place = issue.path
      .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
      .join("");
    return `${place.replace(/^\./, "") || "the file"}: ${issue.message}`;
  });
  const more = result.error.issues.length - faults.length;
  throw new PricesInvalid(
    `Prices in ${name} are wrong. ${faults.join("; ")}${more > 0 ? `; and ${more} more` : ""}`,
  );
}

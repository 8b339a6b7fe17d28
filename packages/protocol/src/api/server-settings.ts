/** One setting of the running server. */
export interface ServerSetting {
  /** As in the configuration file, e.g. `retention.days`. */
  readonly key: string;
  /** For people; of a secret only whether there is one. */
  readonly value: string;
  readonly isDefault: boolean;
  readonly meaning: string;
  /** Environment variable that sets it. */
  readonly variable: string;
}

/** Rates in US dollars per million tokens. */
export interface ModelRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
}

/** What a call of the models whose name matches costs; the first entry that matches holds. */
export interface ModelPrice extends ModelRates {
  /** Pattern of the model's name. */
  readonly match: string;
  /** Pattern of the provider; absent where the price holds for all. */
  readonly provider?: string;
  /** Other rates for a call whose input is longer than `above` tokens. */
  readonly longContext?: ModelRates & { readonly above: number };
  readonly note?: string;
  /** From the user's file, not built in. */
  readonly isOwn: boolean;
}

/** What the server runs with, as it was when it started. No secret is among it. */
export interface ServerSettings {
  readonly license: string;
  readonly settings: readonly ServerSetting[];
  readonly prices: {
    /** Day of the built-in prices, `YYYY-MM-DD`. */
    readonly version: string;
    readonly models: readonly ModelPrice[];
  };
}

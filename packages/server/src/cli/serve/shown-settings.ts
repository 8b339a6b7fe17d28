import type {
  ModelPrice,
  ModelRates,
  ServerSetting,
  ServerSettings,
} from "@clew/protocol/api/server-settings";
import { formatByteSize } from "../../config/byte-size.ts";
import type { Config } from "../../config/load-config.ts";
import { SETTINGS, type Setting } from "../../config/settings.ts";
import { defaultOf } from "../../config/settings-table.ts";
import { loadPrices, type Price } from "../../ingest/understand/prices.ts";
import { shownLocation } from "../../store/open-store.ts";

const LICENSE = "Apache-2.0";

/** What a server runs with, for whoever may read from it: of secrets only whether they are set. */
export function shownSettings(config: Config): ServerSettings {
  const builtIn = loadPrices();
  const all = loadPrices(config.pricesFile).models;
  const ownCount = all.length - builtIn.models.length;
  return {
    license: LICENSE,
    settings: SETTINGS.map((setting) => shownSetting(setting, config)),
    prices: {
      version: builtIn.version,
      models: all.map((price, index) => shownPrice(price, index < ownCount)),
    },
  };
}

function shownSetting(setting: Setting, config: Config): ServerSetting {
  const { key, meaning, variable } = setting;
  const value = settingOf(config, key);
  // Where data is by default depends on the machine.
  const isDefault =
    value === undefined || key === "dataDir" || String(value) === String(setting.default ?? "");
  return { key, meaning, variable, isDefault, value: shownValue(setting, value, config) };
}

function settingOf(config: Config, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], config);
}

function shownValue(setting: Setting, value: unknown, config: Config): string {
  if (setting.key === "store") return config.store === "embedded" ? "embedded" : shownLocation(config);
  if (setting.secret) return value === undefined ? "not set" : "set";
  if (value === undefined || (Array.isArray(value) && value.length === 0))
    return defaultOf(setting).replaceAll("`", "");
  if (Array.isArray(value)) return value.every(isPlain) ? value.join(", ") : `${value.length} set`;
  if (!isPlain(value)) return "set";
  if (setting.key.endsWith("Bytes")) return formatByteSize(Number(value));
  return withoutCredentials(String(value));
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** An address may hold a password before its host. */
function withoutCredentials(text: string): string {
  return text.replace(/(\/\/)[^/@\s]*@/g, "$1");
}

function shownPrice(price: Price, isOwn: boolean): ModelPrice {
  const { match, provider, longContext, note } = price;
  return {
    match: match.source,
    ...(provider && { provider: provider.source }),
    ...shownRates(price),
    ...(longContext && { longContext: { above: longContext.above, ...shownRates(longContext) } }),
    ...(note !== undefined && { note }),
    isOwn,
  };
}

function shownRates(rates: {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
}): ModelRates {
  const { input, output, cacheRead, cacheWrite, reasoning } = rates;
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

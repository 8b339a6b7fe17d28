import { formatByteSize } from "./byte-size.ts";
import { SETTINGS, type Setting } from "./settings.ts";

/** The table of docs/guide/configuration.md. */
export function settingsTable(): string {
  const rows = SETTINGS.map((setting) => [
    `\`${setting.key}\``,
    `\`${setting.variable}\``,
    setting.flag === undefined ? "none: others can read command lines" : `\`--${setting.flag}\``,
    defaultOf(setting),
    `${setting.meaning} ${capital(setting.allowed)}.`,
  ]);
  const head = ["In `clew.yaml`", "Environment", "Flag", "Default", "Meaning and what is allowed"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What a setting is when nobody sets it, for people. */
export function defaultOf(setting: Setting): string {
  if (setting.defaultText !== undefined) return setting.defaultText;
  if (setting.key.endsWith("Bytes")) return formatByteSize(Number(setting.default));
  return `\`${setting.default}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Writes the parts of the guide that are made from the sources; tests keep them equal. */
import { readFileSync, writeFileSync } from "node:fs";
import { settingsTable } from "../packages/server/src/config/settings-table.ts";

const page = new URL("../docs/guide/configuration.md", import.meta.url);
const text = readFileSync(page, "utf8");
const table = settingsTable();
writeFileSync(
  page,
  text.replace(
    /(<!-- settings:.*-->\n)[\s\S]*?(<!-- \/settings -->)/,
    (_, open, end) => `${open}\n${table}\n\n${end}`,
  ),
);

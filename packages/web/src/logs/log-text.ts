import type { LogItem } from "@clew/protocol/api/logs";
import { attributeText } from "../search/attribute-text.ts";

/** A line has no more room than for these. */
const LONGEST = 400;
const MOST_ATTRIBUTES = 6;

/** What a record says in one line: its body, else its attributes. */
export function logText({ body, attributes }: Pick<LogItem, "body" | "attributes">): string {
  const text = body.trim() === "" ? attributes.slice(0, MOST_ATTRIBUTES).map(attributeText).join("  ") : body;
  return text.slice(0, LONGEST).replaceAll(/\s+/g, " ").trim();
}

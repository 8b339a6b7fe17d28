import type { Part } from "@clew/protocol/genai/message";
import type { TranscriptRow } from "./transcript-rows.ts";

const texts = new WeakMap<TranscriptRow, string>();

/** What can be found in a row, in lower case. */
export function rowText(row: TranscriptRow): string {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, (text = pieces(row).join("\n").toLowerCase()));
  return text;
}

function pieces(row: TranscriptRow): string[] {
  switch (row.kind) {
    case "run":
      return [row.run.label, ...(row.isOpen ? [] : [row.asked, row.answered])];
    case "hand-off":
      return [row.from.label, row.run.label];
    case "system":
      return [...(row.step.system?.parts ?? []).map(partText), ...(row.step.tools?.names ?? [])];
    case "message":
      return [row.speaker, row.answers?.model ?? "", ...row.parts.map(partText)];
    case "call":
      return [row.name, valueText(row.arguments), valueText(row.result), ...errorText(row.tool)];
    case "note":
      return row.step.type === "model" ? [row.step.model] : [];
    case "failure":
      return [...errorText(row.step), row.step.type === "error" ? row.step.name : ""];
  }
}

function errorText(
  step: { readonly error?: { readonly type: string; readonly message: string } } | undefined,
) {
  return step?.error === undefined ? [] : [step.error.type, step.error.message];
}

export function partText(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool_call":
      return `${part.name} ${valueText(part.arguments)}`;
    case "tool_call_response":
      return `${part.name} ${valueText(part.result)}`;
    case "json":
      return valueText(part.value);
    case "image":
    case "file":
      return `${part.mediaType} ${part.url} ${part.fileId}`;
  }
}

/** Text as it is, anything else as JSON; empty for nothing. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { RecordableCall } from "./recorder.ts";

const MAX_NAME_LENGTH = 60;

/** Below the folder of recordings: one folder for each test case, and in it one for each agent. */
export function folderOf(testCaseId: string | undefined, agent: string | undefined): string {
  return join(safeName(testCaseId ?? "no-test-case"), safeName(agent ?? "no-agent"));
}

/** Without the number and `.json`: the model where the body names it, else the end of the path, and the content. */
export function fileNameOf(call: RecordableCall, looseKey: string): string {
  return `${safeName(modelOf(call) ?? endOf(call.path))}-${looseKey.slice(0, 12)}`;
}

/** Names of models, agents and test cases come from callers. Different ones never become the same name. */
function safeName(name: string): string {
  const safe = name
    .replace(/[^\w.-]/g, "_")
    .replace(/^\.+/, "_")
    .slice(0, MAX_NAME_LENGTH);
  if (safe === name && safe !== "") return safe;
  return `${safe}~${createHash("sha256").update(name).digest("hex").slice(0, 6)}`;
}

function modelOf({ body }: RecordableCall): string | undefined {
  try {
    const { model } = JSON.parse(Buffer.from(body ?? new Uint8Array()).toString()) as { model?: unknown };
    return typeof model === "string" ? model : undefined;
  } catch {
    return undefined;
  }
}

function endOf(path: string): string {
  return path.split("?", 1)[0]?.split("/").at(-1) ?? "";
}

import { pathWithoutSecrets } from "./content-key.ts";
import type { RecordableCall } from "./recorder.ts";

/** What a client is told that asks for what nobody recorded. */
export function missingAnswer(call: RecordableCall): {
  readonly status: number;
  readonly code: string;
  readonly message: string;
} {
  const of = [
    call.testCaseId === undefined ? "no test case" : `test case ${JSON.stringify(call.testCaseId)}`,
    call.agent === undefined ? "no agent" : `agent ${JSON.stringify(call.agent)}`,
  ].join(", ");
  return {
    status: 404,
    code: "recording_missing",
    message:
      `There is no recording of ${call.method} ${pathWithoutSecrets(call.path)} with this body (${of}). ` +
      "Record it, match loosely, or let what is missing go to the upstream.",
  };
}

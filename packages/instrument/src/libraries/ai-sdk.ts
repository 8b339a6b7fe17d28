import type { Library } from "../library.ts";
import { instrumentationOf, replaceExports } from "../module-patch.ts";
import type { Settings } from "../settings.ts";
import { type Recording, recordingAt } from "./ai-sdk/calls.ts";
import { withEmbeddings } from "./ai-sdk/embedding.ts";
import { withObjectCalls } from "./ai-sdk/object-call.ts";
import { SdkTelemetry } from "./ai-sdk/telemetry.ts";
import { withTelemetry } from "./ai-sdk/telemetry-option.ts";

/**
 * Vercel's AI SDK. Version 7 tells whoever is registered what it does; 5 and 6 have a tracer in the options of
 * every call, which is set where the agent has not set it.
 */
export const aiSdk: Library = {
  name: "ai",
  instrumentation: ({ content }: Settings) => {
    const recording = (): Recording => recordingAt(content);
    return instrumentationOf("clew.ai", [
      {
        module: "ai",
        versions: [">=5.0.0 <7"],
        patch: (exports) =>
          replaceExports(exports, {
            ...withTelemetry(exports, recording),
            ...withEmbeddings(exports, recording),
          }),
      },
      {
        module: "ai",
        versions: [">=7.0.0 <8"],
        patch: (exports) =>
          replaceExports(exports, {
            ...withObjectCalls(exports, recording),
            ...withEmbeddings(exports, recording),
          }),
      },
    ]);
  },
};

/** What version 7 is to tell of its calls. */
export function aiSdkTelemetry({ content }: Settings): SdkTelemetry {
  return new SdkTelemetry(() => recordingAt(content));
}

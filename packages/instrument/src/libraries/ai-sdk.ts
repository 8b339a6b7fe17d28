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
    registerTelemetry(new SdkTelemetry(recording));
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

/** The SDK's own list, so that it need not be loaded; bundled copies of it have it too. */
function registerTelemetry(telemetry: SdkTelemetry): void {
  const shared = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };
  shared.AI_SDK_TELEMETRY_INTEGRATIONS ??= [];
  shared.AI_SDK_TELEMETRY_INTEGRATIONS.push(telemetry);
}

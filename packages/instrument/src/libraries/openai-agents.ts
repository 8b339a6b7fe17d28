import type { Library } from "../library.ts";
import { instrumentationOf } from "../module-patch.ts";
import type { Settings } from "../settings.ts";
import { enterAgentContexts } from "./openai-agents/active-context.ts";
import { followCopies, followParents, traceSpans, traceTraces } from "./openai-agents/spans.ts";

/**
 * OpenAI's Agents SDK. It traces itself, and who else wants to see that registers a processor, which its own
 * set-up throws out again: the classes of its spans are watched instead, and its processors stay as they are.
 */
export const openaiAgents: Library = {
  name: "openai-agents",
  instrumentation: ({ content }: Settings) =>
    instrumentationOf("clew.openai_agents", [
      {
        module: "@openai/agents-core",
        versions: [">=0.3.9 <1"],
        patch: ({ Span, Trace, NoopSpan, NoopTrace, TraceProvider }) => {
          traceTraces(Trace);
          traceSpans(Span, content);
          followParents(TraceProvider);
          followCopies(Span);
          followCopies(Trace);
          // These take the places of the others where the SDK's own tracing is switched off.
          traceTraces(NoopTrace);
          traceSpans(NoopSpan, content);
          enterAgentContexts();
        },
      },
    ]),
};

import { type Context, type ContextManager, context, createContextKey } from "@opentelemetry/api";
import { fields } from "../../models/value.ts";
import { contextOfSpan, contextOfTrace } from "./spans.ts";

/** Under which the SDK shares the span that is current with other copies of itself. */
const STORAGE = Symbol.for("openai.agents.core.asyncLocalStorage");

/** Which of the SDK's spans a context was made from. */
const ENTERED = createContextKey("clew.openai_agents_entered");

const entered = new WeakSet<ContextManager>();

/**
 * Makes the SDK's current span the active one. The SDK enters and leaves its spans without a function of their
 * own between, so that nothing could be run inside of a context: it is looked up when somebody asks for it.
 */
export function enterAgentContexts(): void {
  const { _getContextManager: get } = context as unknown as { _getContextManager(): ContextManager };
  const manager = get.call(context);
  if (entered.has(manager)) return;
  entered.add(manager);
  const { active } = manager;
  manager.active = () => {
    const base = active.call(manager);
    try {
      return withCurrentSpan(base);
    } catch {
      return base;
    }
  };
}

function withCurrentSpan(base: Context): Context {
  const storage = (globalThis as { [STORAGE]?: { getStore(): unknown } })[STORAGE];
  if (storage === undefined) return base;
  const { active, span, trace } = fields(storage.getStore());
  if (active !== true) return base;
  const current = contextOfSpan(span) ?? contextOfTrace(trace);
  // What was started inside of the span has a context of its own by now.
  if (current === undefined || base.getValue(ENTERED) === current) return base;
  return current.setValue(ENTERED, current);
}

import { type Context, type SpanContext, SpanKind, trace } from "@opentelemetry/api";

const MAX_TASKS = 1000;

/** Spans in which tasks began, by the tasks' ids; a process can be client and server of the same task. */
const begun: Readonly<Record<SpanKind.CLIENT | SpanKind.SERVER, Map<string, SpanContext>>> = {
  [SpanKind.CLIENT]: new Map(),
  [SpanKind.SERVER]: new Map(),
};

/** The span of the message with which a task began: later requests about it are no part of that one's trace. */
export function beginningOf(
  kind: SpanKind.CLIENT | SpanKind.SERVER,
  taskId: string,
): SpanContext | undefined {
  return begun[kind].get(taskId);
}

export function rememberBeginning(
  kind: SpanKind.CLIENT | SpanKind.SERVER,
  taskId: string,
  span: SpanContext,
): void {
  const tasks = begun[kind];
  if (tasks.has(taskId)) return;
  tasks.set(taskId, span);
  if (tasks.size <= MAX_TASKS) return;
  const [oldest] = tasks.keys();
  if (oldest !== undefined) tasks.delete(oldest);
}

/** Tells the server's span of a message the id that its task got. */
export function nameTask(active: Context, taskId: string): void {
  const span = trace.getSpan(active);
  if (span === undefined) return;
  span.setAttribute("a2a.task.id", taskId);
  rememberBeginning(SpanKind.SERVER, taskId, span.spanContext());
}

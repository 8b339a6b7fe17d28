import { costUsd, loadPrices, type Prices } from "./prices.ts";
import { providerOf } from "./provider.ts";
import { FIRST_COMMON_SLOT, SLOT, type SlotValues, textAt } from "./slot.ts";
import { type SpanType, spanTypeOf } from "./span-type.ts";
import { decimal, jsonObject, unquoted } from "./text.ts";
import { usageOf } from "./usage.ts";

export { SLOT_COUNT } from "./slot.ts";

/** What Clew makes of a span's attributes. Texts are empty and numbers 0 where nothing is known. */
export interface Understood {
  spanType: SpanType;
  agentName: string;
  agentId: string;
  /** As OpenTelemetry names it, e.g. `aws.bedrock`. */
  provider: string;
  /** The model that answered, else the one that was asked. */
  model: string;
  toolName: string;
  errorType: string;
  /** With the cached ones. */
  inputTokens: number;
  /** With those of reasoning. */
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  costUsd: number;
  timeToFirstTokenNs: number;
  /** 1 for a call of a model, whose tokens and cost count in sums; 0 for all else, aggregates and what is running included. */
  usageCounts: number;
  /** Said to be running still. */
  isRunning: boolean;
  sessionId: string;
  conversationId: string;
  taskId: string;
  testCaseId: string;
  testRunId: string;
  userId: string;
}

export function newUnderstood(): Understood {
  return {
    spanType: "",
    agentName: "",
    agentId: "",
    provider: "",
    model: "",
    toolName: "",
    errorType: "",
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: 0,
    timeToFirstTokenNs: 0,
    usageCounts: 0,
    isRunning: false,
    sessionId: "",
    conversationId: "",
    taskId: "",
    testCaseId: "",
    testRunId: "",
    userId: "",
  };
}

/**
 * Fills every field of `out` from the slots of one span or log record. `startUnixMs` is when the span began;
 * without it a first token that is known by its wall clock only is left out. Costs about 0.1 µs for a span
 * with nothing but ids, under 1 µs for a model call.
 */
export type Understand = (
  slots: SlotValues,
  spanName: string,
  scopeName: string,
  out: Understood,
  startUnixMs?: number,
) => void;

/** `pricesFile` names a user's price list. Throws `PricesInvalid`. */
export function createUnderstand(options: { readonly pricesFile?: string | undefined } = {}): Understand {
  const prices = loadPrices(options.pricesFile);
  return (slots, spanName, scopeName, out, startUnixMs = 0) => {
    common(slots, out);
    if (isPlain(slots)) clear(out);
    else work(slots, spanName, scopeName, out, startUnixMs, prices);
  };
}

function isPlain(slots: SlotValues): boolean {
  for (let slot = 0; slot < FIRST_COMMON_SLOT; slot++) if (slots[slot] !== undefined) return false;
  return true;
}

function common(slots: SlotValues, out: Understood): void {
  out.errorType = name(textAt(slots, SLOT.errorType));
  out.sessionId = text(textAt(slots, SLOT.sessionId));
  out.conversationId = text(textAt(slots, SLOT.conversationId));
  out.taskId = text(textAt(slots, SLOT.taskId));
  out.testCaseId = text(textAt(slots, SLOT.testCaseId));
  out.testRunId = text(textAt(slots, SLOT.testRunId));
  out.userId = text(textAt(slots, SLOT.userId));
  out.isRunning = textAt(slots, SLOT.running) === "true";
}

function text(value: string | undefined): string {
  return value === undefined ? "" : unquoted(value);
}

function clear(out: Understood): void {
  out.spanType = "";
  out.agentName = "";
  out.agentId = "";
  out.provider = "";
  out.model = "";
  out.toolName = "";
  out.inputTokens = 0;
  out.outputTokens = 0;
  out.cacheReadTokens = 0;
  out.cacheWriteTokens = 0;
  out.reasoningTokens = 0;
  out.costUsd = 0;
  out.timeToFirstTokenNs = 0;
  out.usageCounts = 0;
}

function work(
  slots: SlotValues,
  spanName: string,
  scopeName: string,
  out: Understood,
  startUnixMs: number,
  prices: Prices,
): void {
  const type = spanTypeOf(slots, spanName, scopeName);
  const isModelCall = type === "llm" || type === "embedding" || type === "reranker";
  out.spanType = type;
  // OpenAI Agents under Logfire keep the name of agent or tool in an attribute that means nothing elsewhere.
  const plainName = scopeName.startsWith("logfire") ? textAt(slots, SLOT.plainName) : undefined;
  const named = textAt(slots, SLOT.entityName) ?? plainName ?? textAt(slots, SLOT.runName);
  const provider = textAt(slots, SLOT.provider);
  out.agentName = agentNameOf(textAt(slots, SLOT.agentName), named, type, spanName);
  out.agentId = name(textAt(slots, SLOT.agentId));
  out.provider = provider === undefined ? "" : providerOf(unquoted(provider));
  out.model = modelOf(slots, isModelCall);
  out.toolName = toolNameOf(textAt(slots, SLOT.toolName), named, type, spanName);
  usageOf(slots, scopeName, isModelCall, out);
  // Logfire sends a span once when it begins and again when it ends.
  out.usageCounts = isModelCall && textAt(slots, SLOT.logfireSpanType) !== "pending_span" ? 1 : 0;
  out.timeToFirstTokenNs = firstTokenNs(slots, startUnixMs);
  out.costUsd = statedCost(slots) || (isModelCall ? computedCost(out, prices) : 0);
}

/** Longer names are data in the wrong place, and stay readable in the attributes. */
const MAX_NAME = 256;

function name(value: string | undefined): string {
  if (value === undefined) return "";
  return value.length > MAX_NAME ? value.slice(0, MAX_NAME) : unquoted(value);
}

function modelOf(slots: SlotValues, isModelCall: boolean): string {
  const model = textAt(slots, SLOT.model) ?? textAt(slots, SLOT.requestModel);
  return name(model ?? (isModelCall ? textAt(slots, SLOT.plainModel) : undefined));
}

/** An agent's span without a name of its own carries the agent's in its span name. */
function agentNameOf(
  stated: string | undefined,
  named: string | undefined,
  type: SpanType,
  spanName: string,
): string {
  if (stated !== undefined || type !== "agent") return name(stated);
  return name(named ?? withoutVerb(spanName, "invoke_agent", "create_agent"));
}

function toolNameOf(
  stated: string | undefined,
  named: string | undefined,
  type: SpanType,
  spanName: string,
): string {
  if (stated !== undefined || type !== "tool") return name(stated);
  return name(named ?? withoutVerb(spanName, "execute_tool", "tools/call"));
}

/** `verb name` is the name; a bare verb names nothing. */
function withoutVerb(spanName: string, ...verbs: string[]): string {
  for (const verb of verbs) {
    if (spanName === verb) return "";
    if (spanName.startsWith(`${verb} `)) return spanName.slice(verb.length + 1);
  }
  return spanName;
}

/** A stated cost of 0 is taken for unknown: emitters write it for models they have no price for. */
function statedCost(slots: SlotValues): number {
  const cost = textAt(slots, SLOT.cost);
  if (cost !== undefined) {
    const value = decimal(cost);
    if (value > 0) return value;
  }
  const details = textAt(slots, SLOT.costDetails);
  const parsed = details === undefined ? undefined : jsonObject(details);
  if (parsed !== undefined) return sumOf(parsed);
  const langsmith = textAt(slots, SLOT.langsmithUsage);
  const usage = langsmith?.includes("cost") ? jsonObject(langsmith) : undefined;
  return usage === undefined
    ? 0
    : money(usage.total_cost) || money(usage.input_cost) + money(usage.output_cost);
}

/** Langfuse's `{input, output, total}`, MLflow's `{input_cost, output_cost, total_cost}`. */
function sumOf(details: Readonly<Record<string, unknown>>): number {
  const total = money(details.total) || money(details.total_cost);
  if (total > 0) return total;
  let sum = 0;
  for (const key of Object.keys(details).slice(0, 64)) sum += money(details[key]);
  return sum;
}

function money(value: unknown): number {
  return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : 0;
}

function computedCost(out: Understood, prices: Prices): number {
  if (out.inputTokens === 0 && out.outputTokens === 0) return 0;
  const price = prices.priceOf(out.provider, out.model);
  return price === undefined ? 0 : costUsd(price, out);
}

/** Later than this is no answer to the call any more. */
const MAX_FIRST_TOKEN_MS = 86_400_000;

function firstTokenNs(slots: SlotValues, startUnixMs: number): number {
  const seconds = textAt(slots, SLOT.firstTokenSeconds);
  if (seconds !== undefined) return nanos(decimal(seconds) * 1000);
  const milliseconds = textAt(slots, SLOT.firstTokenMs);
  if (milliseconds !== undefined) return nanos(decimal(milliseconds));
  const time = textAt(slots, SLOT.firstTokenTime);
  return time === undefined || startUnixMs === 0 ? 0 : nanos(Date.parse(unquoted(time)) - startUnixMs);
}

function nanos(ms: number): number {
  return ms > 0 && ms <= MAX_FIRST_TOKEN_MS ? Math.round(ms * 1_000_000) : 0;
}

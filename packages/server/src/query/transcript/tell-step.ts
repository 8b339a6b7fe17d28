import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { SPAN_FLAG } from "@clew/protocol/api/trace-columns";
import type { TranscriptStep } from "@clew/protocol/api/transcript";
import type { Conversation } from "@clew/protocol/genai/message";
import type { PlannedStep } from "@clew/protocol/transcript/transcript-plan";
import type { LaneHistories } from "./lane-histories.ts";
import { shortenedMessages, shortenedParts, shortenedValue } from "./shortened.ts";
import type { ToldSpan } from "./told-spans.ts";

const NOTHING: Conversation = { system: [], input: [], output: [], toolDefinitions: [] };
const ERROR = 2;

/** What is known of a step's span. */
export interface StepSource {
  readonly trace: TraceColumns;
  readonly startUs: number;
  /** Of the run that it is part of. */
  readonly run: string;
  /** Undefined where nothing of it was read. */
  readonly told: ToldSpan | undefined;
  /** Bytes, of a span that is not read for its size. */
  readonly tooLarge: number | undefined;
  /** Whether no model was called before in its run. */
  readonly isFirst: boolean;
  /** Characters of one part. */
  readonly most: number;
}

/** A step as it is told, and how many characters that takes. */
export function tellStep(
  step: PlannedStep,
  source: StepSource,
  histories: LaneHistories,
): { readonly step: TranscriptStep; readonly chars: number } {
  const { row, type } = step;
  const { trace, told, most } = source;
  const base = baseOf(row, source);
  const conversation = told?.conversation ?? NOTHING;
  if (type === "error")
    return { step: { type, ...base, name: trace.dict.name[trace.name[row] ?? 0] ?? "" }, chars: 0 };
  if (type === "tool") {
    const input = shortenedValue(told?.toolCall?.arguments, most);
    const output = shortenedValue(told?.toolCall?.result, most);
    const leftOut = input.leftOut + output.leftOut;
    const name = trace.dict.tool[trace.tool[row] ?? 0] || told?.toolCall?.name;
    return {
      step: {
        type,
        ...base,
        name: name || (trace.dict.name[trace.name[row] ?? 0] ?? ""),
        callId: told?.toolCall?.id ?? "",
        ...(input.value !== undefined && { arguments: input.value }),
        ...(output.value !== undefined && { result: output.value }),
        ...(leftOut > 0 && { leftOut }),
      },
      chars: input.chars + output.chars,
    };
  }
  const output = shortenedMessages(conversation.output, most);
  if (type === "run") {
    const input = shortenedMessages(conversation.input, most);
    return {
      step: { type, ...base, input: input.messages, output: output.messages },
      chars: input.chars + output.chars,
    };
  }
  // A call of which nothing was recorded says nothing of what the next one is told.
  const isSilent = conversation.input.length + conversation.output.length + conversation.system.length === 0;
  const own = isSilent
    ? { had: 0, dropped: 0, input: [] }
    : histories.add(step.lane, conversation, source.isFirst);
  const input = shortenedMessages(own.input, most);
  const system = own.system && { ...own.system, ...shortenedParts(conversation.system, most) };
  const names = conversation.toolDefinitions.map(({ name }) => name);
  return {
    step: {
      type,
      ...base,
      model: trace.dict.model[trace.model[row] ?? 0] ?? "",
      inputTokens: trace.tokIn[row] ?? 0,
      outputTokens: trace.tokOut[row] ?? 0,
      costMicro: trace.costMicro[row] ?? 0,
      ...(system && {
        system: {
          parts: system.value,
          hasChanged: system.hasChanged,
          ...(system.leftOut > 0 && { leftOut: system.leftOut }),
        },
      }),
      ...(own.tools && { tools: { names, ...own.tools } }),
      had: own.had,
      dropped: own.dropped,
      input: input.messages,
      output: output.messages,
    },
    chars: input.chars + output.chars + (system?.chars ?? 0),
  };
}

function baseOf(row: number, { trace, startUs, run, told, tooLarge }: StepSource) {
  const isRunning = ((trace.flags[row] ?? 0) & SPAN_FLAG.running) !== 0;
  return {
    span: trace.id[row] ?? "",
    run,
    startUs,
    durUs: Math.max(0, trace.dur[row] ?? 0),
    ...(isRunning && { isRunning: true as const }),
    ...(trace.status[row] === ERROR && {
      error: { type: trace.dict.err[trace.err[row] ?? 0] ?? "", message: told?.statusMessage ?? "" },
    }),
    ...(tooLarge !== undefined && { tooLarge }),
  };
}

import type {
  ModelStep,
  RunStep,
  ToolStep,
  TranscriptMessage,
  TranscriptRun,
  TranscriptStep,
} from "@clew/protocol/api/transcript";
import type { Message, Part, ToolCallPart } from "@clew/protocol/genai/message";
import { previewOf } from "@clew/protocol/genai/preview";
import type { PairedCall, PairedCalls } from "@clew/protocol/transcript/pair-calls";
import type { ReadTranscript } from "./use-transcript.ts";

interface RowBase {
  /** The same for the same thing, however the transcript grows. */
  readonly key: string;
  /** Id of the span that it leads to. */
  readonly span: string;
  readonly run: TranscriptRun;
  /** 0 for what nobody called. */
  readonly depth: number;
}

export interface RunRow extends RowBase {
  readonly kind: "run";
  readonly isOpen: boolean;
  /** What it was asked and what it answered, a line each; empty while unknown. */
  readonly asked: string;
  readonly answered: string;
}

/** Who goes on. */
export interface HandOffRow extends RowBase {
  readonly kind: "hand-off";
  readonly from: NonNullable<TranscriptRun["from"]>;
}

export interface SystemRow extends RowBase {
  readonly kind: "system";
  readonly step: ModelStep;
}

export interface MessageRow extends RowBase {
  readonly kind: "message";
  readonly message: TranscriptMessage;
  /** Those of its parts that no other row tells; none where a model only called tools. */
  readonly parts: readonly Part[];
  readonly speaker: string;
  readonly side: "user" | "assistant" | "tool" | "system";
  /** The call of a model that answered so. */
  readonly answers?: ModelStep;
}

export interface CallRow extends RowBase {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: unknown;
  readonly result: unknown;
  /** Undefined where no span tells of its running. */
  readonly tool: ToolStep | undefined;
  readonly leftOut: number;
}

export interface NoteRow extends RowBase {
  readonly kind: "note";
  readonly note: "silent" | "dropped" | "too-large";
  readonly step: TranscriptStep;
}

export interface FailureRow extends RowBase {
  readonly kind: "failure";
  readonly step: TranscriptStep;
}

export type TranscriptRow = RunRow | HandOffRow | SystemRow | MessageRow | CallRow | NoteRow | FailureRow;

export interface TranscriptRows {
  readonly rows: readonly TranscriptRow[];
  /** Key of the first row that tells of a span, also where a closed run hides it. */
  readonly rowOfSpan: ReadonlyMap<string, { readonly key: string; readonly run: string }>;
}

const PREVIEW = 200;

/** The rows of a transcript; what closed runs hold is left out. `paired` is what `pairCalls` says of its steps. */
export function transcriptRows(
  { runs, steps }: Pick<ReadTranscript, "runs" | "steps">,
  paired: PairedCalls,
  isOpen: (run: TranscriptRun, depth: number) => boolean,
): TranscriptRows {
  return new Builder(runs, steps, paired, isOpen).build();
}

/** Runs above one, the nearest first. */
export function runsAbove(run: string, runs: readonly TranscriptRun[]): TranscriptRun[] {
  const byId = new Map(runs.map((one) => [one.span, one]));
  const found: TranscriptRun[] = [];
  for (let at = byId.get(run); at !== undefined && !found.includes(at); at = byId.get(at.above))
    found.push(at);
  return found;
}

class Builder {
  readonly #runs: ReadonlyMap<string, TranscriptRun>;
  readonly #steps: readonly TranscriptStep[];
  readonly #isOpenRun: (run: TranscriptRun, depth: number) => boolean;
  readonly #paired: PairedCalls;
  readonly #depth = new Map<string, number>();
  readonly #isHidden = new Map<string, boolean>();
  readonly #said: ReadonlyMap<string, RunSaid>;
  readonly #rows: TranscriptRow[] = [];
  readonly #rowOfSpan = new Map<string, { key: string; run: string }>();

  constructor(
    runs: readonly TranscriptRun[],
    steps: readonly TranscriptStep[],
    paired: PairedCalls,
    isOpen: (run: TranscriptRun, depth: number) => boolean,
  ) {
    this.#runs = new Map(runs.map((run) => [run.span, run]));
    this.#steps = steps;
    this.#isOpenRun = isOpen;
    this.#paired = paired;
    this.#said = saidIn(steps);
    // Callers come first.
    for (const run of runs) {
      const depth = run.above === "" ? 0 : (this.#depth.get(run.above) ?? -1) + 1;
      this.#depth.set(run.span, depth);
      const above = this.#runs.get(run.above);
      const isAboveClosed = above !== undefined && !this.#isOpenRun(above, this.#depth.get(above.span) ?? 0);
      this.#isHidden.set(run.span, isAboveClosed || this.#isHidden.get(run.above) === true);
    }
  }

  build(): TranscriptRows {
    this.#steps.forEach((step, at) => {
      const run = this.#runs.get(step.run);
      if (run !== undefined) this.#add(step, at, run);
    });
    return { rows: this.#rows, rowOfSpan: this.#rowOfSpan };
  }

  #add(step: TranscriptStep, at: number, run: TranscriptRun): void {
    const depth = this.#depth.get(run.span) ?? 0;
    const isOpen = this.#isOpenRun(run, depth);
    const isHidden = this.#isHidden.get(run.span) === true || (step.type !== "run" && !isOpen);
    let count = 0;
    const base = (kind: string, span = step.span): RowBase => {
      const key = `${step.type} ${step.span} ${kind} ${count++}`;
      if (!this.#rowOfSpan.has(span)) this.#rowOfSpan.set(span, { key, run: run.span });
      return { key, span, run, depth };
    };
    const push = (row: TranscriptRow): void => {
      if (!isHidden) this.#rows.push(row);
    };
    switch (step.type) {
      case "run":
        this.#addRun(step, run, isOpen, base, push);
        return;
      case "tool":
        if (this.#paired.told.has(step)) return;
        push({ kind: "call", ...base("call"), ...callOf(undefined, { tool: step }) });
        return;
      case "error":
        push({ kind: "failure", ...base("error"), step });
        return;
      case "model":
        this.#addModel(step, at, run, base, push);
        return;
    }
  }

  #addRun(
    step: RunStep,
    run: TranscriptRun,
    isOpen: boolean,
    base: (kind: string) => RowBase,
    push: (row: TranscriptRow) => void,
  ): void {
    const said = this.#said.get(run.span);
    if (run.from !== undefined) push({ kind: "hand-off", ...base("from"), from: run.from });
    push({
      kind: "run",
      ...base("run"),
      isOpen,
      asked: preview(step.input) || (said?.asked ?? ""),
      answered: previewOf(step.output, PREVIEW) || (said?.answered ?? ""),
    });
    if (!isOpen) return;
    // Where no call of a model tells it, the agent does.
    if (said === undefined) {
      for (const message of step.input) this.#addMessage(message, run, base, push);
      for (const message of step.output) this.#addMessage(message, run, base, push);
    }
    if (step.tooLarge !== undefined) push({ kind: "note", ...base("large"), note: "too-large", step });
    if (step.error !== undefined) push({ kind: "failure", ...base("failure"), step });
  }

  #addModel(
    step: ModelStep,
    at: number,
    run: TranscriptRun,
    base: (kind: string, span?: string) => RowBase,
    push: (row: TranscriptRow) => void,
  ): void {
    if (step.system !== undefined) push({ kind: "system", ...base("system"), step });
    if (step.dropped > 0 && isForgotten(this.#steps, at, step))
      push({ kind: "note", ...base("dropped"), note: "dropped", step });
    for (const message of step.input) this.#addMessage(message, run, base, push);
    if (step.tooLarge !== undefined) push({ kind: "note", ...base("large"), note: "too-large", step });
    else if (step.had === 0 && step.input.length === 0 && step.output.length === 0)
      push({ kind: "note", ...base("silent"), note: "silent", step });
    step.output.forEach((message, index) => {
      this.#addMessage(message, run, base, push, index === 0 ? step : undefined);
    });
    if (step.error !== undefined) push({ kind: "failure", ...base("failure"), step });
  }

  #addMessage(
    message: TranscriptMessage,
    run: TranscriptRun,
    base: (kind: string, span?: string) => RowBase,
    push: (row: TranscriptRow) => void,
    answers?: ModelStep,
  ): void {
    const parts = message.parts.filter((part) => part.type !== "tool_call" && !this.#paired.told.has(part));
    const calls = message.parts.filter((part) => part.type === "tool_call");
    if (parts.length > 0 || answers !== undefined) {
      const side = sideOf(message);
      push({
        kind: "message",
        ...base("said"),
        message,
        parts,
        side,
        speaker: this.#speaker(message, side, run),
        ...(answers && { answers }),
      });
    }
    for (const part of calls) {
      const paired = this.#paired.calls.get(part) ?? {};
      push({ kind: "call", ...base("call", paired.tool?.span), ...callOf(part, paired) });
    }
  }

  #speaker(message: Message, side: MessageRow["side"], run: TranscriptRun): string {
    if (side === "assistant") return message.name || run.label;
    if (side === "user") return message.name || this.#runs.get(run.above)?.label || run.from?.label || "User";
    return message.name || (side === "tool" ? "Tool result" : message.role);
  }
}

function callOf(part: ToolCallPart | undefined, { tool, response }: PairedCall) {
  return {
    name: part?.name || tool?.name || response?.name || "a tool",
    arguments: part?.arguments ?? tool?.arguments,
    result: tool?.result ?? response?.result,
    tool,
    leftOut: tool?.leftOut ?? 0,
  };
}

function sideOf({ role, parts }: Message): MessageRow["side"] {
  if (parts.length > 0 && parts.every(({ type }) => type === "tool_call_response")) return "tool";
  if (role === "user" || role === "human") return "user";
  if (role === "tool" || role === "function") return "tool";
  return role === "system" || role === "developer" ? "system" : "assistant";
}

/** Answers that no later call is told are often thrown away; what was once said to a model is forgotten. */
function isForgotten(steps: readonly TranscriptStep[], at: number, { run, dropped }: ModelStep): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const step = steps[before]!;
    if (step.type !== "model" || step.run !== run) continue;
    return dropped > step.output.reduce((sum, { parts }) => sum + parts.length, 0);
  }
  return dropped > 1;
}

interface RunSaid {
  asked: string;
  answered: string;
}

/** What the first call of a model in each run was asked, and what the last answered. */
function saidIn(steps: readonly TranscriptStep[]): Map<string, RunSaid> {
  const said = new Map<string, RunSaid>();
  for (const step of steps) {
    if (step.type !== "model" || step.had + step.input.length + step.output.length === 0) continue;
    let run = said.get(step.run);
    if (run === undefined) said.set(step.run, (run = { asked: preview(step.input), answered: "" }));
    const answered = previewOf(
      step.output.map((message) => ({
        ...message,
        parts: message.parts.filter(({ type }) => type !== "tool_call"),
      })),
      PREVIEW,
    );
    if (answered !== "") run.answered = answered;
  }
  return said;
}

function preview(messages: readonly Message[]): string {
  const ofUser = messages.filter(({ role }) => role === "user" || role === "human");
  return previewOf(ofUser, PREVIEW) || previewOf(messages, PREVIEW);
}

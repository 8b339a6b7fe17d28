import type { Understood } from "../understand/understand.ts";
import { isLess, type SpanTimes } from "./span-times.ts";

const STATUS_ERROR = 2;
const NO_NAME = Buffer.alloc(0);

/** What the spans of one batch say about one trace: a row of `traces`. */
export class TraceSummary {
  startHi = 0x7fffffff;
  startLo = 0xffffffff;
  endHi = -0x80000000;
  endLo = 0;
  spanCount = 0;
  errorCount = 0;
  modelCallCount = 0;
  toolCallCount = 0;
  rootName: Buffer = NO_NAME;
  rootService = "";
  rootStatus = 0;
  rootEnded = false;
  rootDurationHi = 0;
  rootDurationLo = 0;
  readonly services: string[] = [];
  readonly agents: string[] = [];
  readonly models: string[] = [];
  sessionId = "";
  conversationId = "";
  taskId = "";
  testCaseId = "";
  testRunId = "";
  userId = "";
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  costUsd = 0;

  /** A span that is still running counts for nothing until it has ended, but its trace is known. */
  add(times: SpanTimes, service: string, statusCode: number, of: Understood): void {
    if (isLess(times.startHi, times.startLo, this.startHi, this.startLo)) {
      this.startHi = times.startHi;
      this.startLo = times.startLo;
    }
    if (isLess(this.endHi, this.endLo, times.lastHi, times.lastLo)) {
      this.endHi = times.lastHi;
      this.endLo = times.lastLo;
    }
    if (!of.isRunning) {
      this.spanCount++;
      if (statusCode === STATUS_ERROR) this.errorCount++;
      if (of.spanType === "tool") this.toolCallCount++;
    }
    addOnce(this.services, service);
    if (of.agentName !== "") addOnce(this.agents, of.agentName);
    if (of.model !== "") addOnce(this.models, of.model);
    this.#addIds(of);
    if (of.usageCounts === 1) {
      this.modelCallCount++;
      this.inputTokens += of.inputTokens;
      this.outputTokens += of.outputTokens;
      this.cacheReadTokens += of.cacheReadTokens;
      this.costUsd += of.costUsd;
    }
  }

  /** A span without a parent, beside `add`; its name as it was sent. */
  addRoot(times: SpanTimes, name: Uint8Array, service: string, statusCode: number, isRunning: boolean): void {
    if (Buffer.compare(name, this.rootName) > 0) this.rootName = Buffer.from(name);
    this.rootService = greatest(this.rootService, service);
    if (statusCode > this.rootStatus) this.rootStatus = statusCode;
    if (isRunning) return;
    const { durationHi, durationLo } = times;
    if (!this.rootEnded || isLess(this.rootDurationHi, this.rootDurationLo, durationHi, durationLo)) {
      this.rootDurationHi = durationHi;
      this.rootDurationLo = durationLo;
    }
    this.rootEnded = true;
  }

  #addIds(of: Understood): void {
    this.sessionId = greatest(this.sessionId, of.sessionId);
    this.conversationId = greatest(this.conversationId, of.conversationId);
    this.taskId = greatest(this.taskId, of.taskId);
    this.testCaseId = greatest(this.testCaseId, of.testCaseId);
    this.testRunId = greatest(this.testRunId, of.testRunId);
    this.userId = greatest(this.userId, of.userId);
  }
}

function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text);
}

/** The greater one by its bytes, as the database compares. */
function greatest(a: string, b: string): string {
  if (a === b || b === "") return a;
  if (a === "") return b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 ? b : a;
}

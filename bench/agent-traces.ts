import { encodeOtlp } from "@clew/protocol/otlp/encode";
import type { Resource, Span } from "@clew/protocol/otlp/model";
import { AgentSpans, type Profile, type SpanPlace, type TraceIds, text } from "./agent-spans.ts";
import { type Agent, FLEET } from "./agents.ts";
import { Random } from "./random.ts";

export const SPANS_PER_TRACE = 20;
/** Every trace passes through this many services, so its spans arrive in as many requests. */
export const SERVICES_PER_TRACE = 4;
const SPANS_PER_SERVICE = SPANS_PER_TRACE / SERVICES_PER_TRACE;
export const TRACES_PER_SESSION = 4;
const TEST_CASES = 200;
const USERS = 500;
/** Share of groups that are runs of test cases. */
const TEST_RATE = 0.1;
const LINK_RATE = 0.1;

/** Hex digits of the ids that are patched before each send. */
export const SESSION_DIGITS = 16;
export const TASK_DIGITS = 12;

/** Requests that belong together: each has the spans of one service in the same traces. */
export interface Group {
  readonly bodies: readonly Buffer[];
  readonly traces: number;
  readonly spans: number;
  readonly testCases: readonly (string | undefined)[];
  /** From the start of the first span to the end of the last. */
  readonly lengthMs: number;
}

/** Trace `index` of a group; ids are numbers in hex, so that they are found again in the encoded bytes. */
export function traceIdOf(index: number): string {
  return (index + 1).toString(16).padStart(32, "0");
}

export function spanIdOf(index: number): string {
  return (index + 1).toString(16).padStart(16, "0");
}

/** A group whose requests have `spansPerRequest` spans each, a multiple of 5. Times count from 0. */
export function makeGroup(seed: number, spansPerRequest: number, profile: Profile): Group {
  const random = new Random(seed);
  const traces = spansPerRequest / SPANS_PER_SERVICE;
  const first = random.whole(0, FLEET.length - 1);
  const stride = random.pick([1, 3]);
  const agents = Array.from(
    { length: SERVICES_PER_TRACE },
    (_, i) => FLEET[(first + i * stride) % FLEET.length]!,
  );
  const perService: Span[][] = agents.map(() => []);
  const isTest = random.chance(TEST_RATE);
  const testCases: (string | undefined)[] = [];
  let lengthMs = 0;
  for (let trace = 0; trace < traces; trace++) {
    const testCase = isTest ? `case-${String(random.whole(1, TEST_CASES)).padStart(4, "0")}` : undefined;
    testCases.push(testCase);
    const end = addTrace(random, profile, trace, testCase, agents, perService);
    lengthMs = Math.max(lengthMs, end);
  }
  const bodies = agents.map((agent, i) => {
    const scope = { name: "@opentelemetry/instrumentation-agents", version: "0.31.0" };
    const scopeSpans = [{ scope, spans: perService[i]! }];
    return Buffer.from(
      encodeOtlp("traces", { resourceSpans: [{ resource: resourceOf(agent), scopeSpans }] }),
    );
  });
  return { bodies, traces, spans: traces * SPANS_PER_TRACE, testCases, lengthMs };
}

/** One trace in a single process: a root, and below it every span has `fanOut` children. Ids as in a group. */
export function makeLargeTrace(spans: number, spansPerRequest: number, fanOut: number): Buffer[] {
  const random = new Random(99);
  const make = new AgentSpans(random, "plain");
  const agent = FLEET[0]!;
  const ids = idsOf(random, 0, undefined);
  const bodies: Buffer[] = [];
  for (let from = 0; from < spans; from += spansPerRequest) {
    const batch: Span[] = [];
    for (let i = from; i < Math.min(from + spansPerRequest, spans); i++) {
      const parentSpanId = i === 0 ? "" : spanIdOf(Math.floor((i - 1) / fanOut));
      const place = {
        ids,
        spanId: spanIdOf(i),
        parentSpanId,
        startMs: i * 0.6,
        durationMs: i === 0 ? spans : 300,
      };
      if (i === 0) batch.push(make.entry(place, agent));
      else if (i * fanOut + 1 < spans) batch.push(make.invocation(place, agent));
      else batch.push(i % 2 === 0 ? make.toolCall(place, agent) : make.modelCall(place, agent));
    }
    const scopeSpans = [{ scope: { name: "agents" }, spans: batch }];
    bodies.push(
      Buffer.from(encodeOtlp("traces", { resourceSpans: [{ resource: resourceOf(agent), scopeSpans }] })),
    );
  }
  return bodies;
}

function idsOf(random: Random, trace: number, testCase: string | undefined): TraceIds {
  return {
    traceId: traceIdOf(trace),
    session: `sess-${"0".repeat(SESSION_DIGITS)}`,
    task: `task-${"0".repeat(TASK_DIGITS)}`,
    user: `user-${random.whole(1, USERS)}@example.com`,
    ...(testCase !== undefined && { testCase }),
  };
}

/** Adds the spans of one trace to the services that send them; returns when it ends. */
function addTrace(
  random: Random,
  profile: Profile,
  trace: number,
  testCase: string | undefined,
  agents: readonly Agent[],
  to: readonly Span[][],
): number {
  const make = new AgentSpans(random, profile);
  const ids = idsOf(random, trace, testCase);
  let next = trace * SPANS_PER_TRACE;
  const place = (parentSpanId: string, startMs: number, durationMs: number): SpanPlace => {
    return { ids, spanId: spanIdOf(next++), parentSpanId, startMs, durationMs };
  };
  const start = trace * 40 + random.unit() * 30;
  let at = start;
  let caller = "";
  const outer: { span: Span; endMs: number }[] = [];
  const open = (span: Span): void => void outer.push({ span, endMs: 0 });
  agents.forEach((agent, i) => {
    const spans = to[i]!;
    if (i === 0) {
      const root = make.entry(place("", at, 0), agent);
      spans.push(root);
      open(root);
      caller = root.spanId!;
    }
    at += 1 + random.unit() * 3;
    const invocation = make.invocation(place(caller, at, 0), agent);
    if (i > 0 && trace > 0 && random.chance(LINK_RATE)) {
      invocation.links = [{ traceId: traceIdOf(trace - 1), spanId: spanIdOf((trace - 1) * SPANS_PER_TRACE) }];
    }
    spans.push(invocation);
    open(invocation);
    const parent = invocation.spanId!;
    const step = (shortest: number, longest: number): SpanPlace => {
      const made = place(parent, at, random.doubling(shortest, longest));
      at += made.durationMs + random.unit();
      return made;
    };
    spans.push(make.modelCall(step(300, 8000), agent));
    spans.push(make.toolCall(step(5, 900), agent));
    if (i > 0) spans.push(make.modelCall(step(300, 8000), agent));
    const call = make.request(step(2, 400), agent, agents[i + 1] ?? FLEET[7]!);
    spans.push(call);
    caller = call.spanId!;
  });
  for (const { span } of outer) span.endTimeUnixNano = String(Math.round(at * 1e6));
  return at;
}

function resourceOf(agent: Agent): Resource {
  return {
    attributes: [
      text("service.name", agent.service),
      text("service.version", "2.4.1"),
      text("service.namespace", "agents"),
      text("service.instance.id", `${agent.service}-5d8c7b9f6-x2k4p`),
      text("host.name", "node-3.agents.internal"),
      text("deployment.environment.name", "production"),
      text("telemetry.sdk.language", "nodejs"),
      text("telemetry.sdk.name", "opentelemetry"),
      text("telemetry.sdk.version", "3.1.1"),
    ],
  };
}

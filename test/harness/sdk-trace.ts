import { createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  type IdGenerator,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
  type TracerProviderOptions,
} from "@opentelemetry/sdk-trace";

/** Counts, so that two runs differ in their trace id alone. */
class CountingIds implements IdGenerator {
  readonly #traceId: string;
  #spans = 0;

  constructor(traceId: string) {
    this.#traceId = traceId;
  }

  generateTraceId = (): string => this.#traceId;
  generateSpanId = (): string => (++this.#spans).toString(16).padStart(16, "0");
}

const START: [number, number] = [1_763_700_000, 123_456_789];
const END: [number, number] = [1_763_700_001, 987_654_321];

const VALUES = {
  string: "plain",
  "empty string": "",
  letters: "größer 模型 🧵 \u0000 \u202e",
  "long text": "word ".repeat(1000),
  "gen_ai.prompt": '[{"role":"user","content":"What is the clew?"}]',
  "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
  true: true,
  false: false,
  one: 1,
  "minus one": -1,
  "largest safe": Number.MAX_SAFE_INTEGER,
  tenth: 0.1,
  tiny: 5e-324,
  "not a number": Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  "minus infinite": Number.NEGATIVE_INFINITY,
  strings: ["a", "", "c"],
  numbers: [1, 2.5, -3],
  booleans: [true, false],
  "empty array": [],
  bytes: new Uint8Array([0, 1, 254, 255]),
  "no bytes": new Uint8Array(0),
  map: { name: "x", nested: { deep: [1, "two", { three: 3.5 }] }, raw: new Uint8Array([7]) },
  "empty map": {},
};

type Attributes = Parameters<ReturnType<typeof trace.getTracer>["startSpan"]>[1] extends infer O
  ? O extends { attributes?: infer A }
    ? A
    : never
  : never;

/** What the SDK wants of a resource that has nothing left to detect. */
function resource(attributes: Record<string, string | string[] | number>) {
  const made = {
    attributes,
    schemaUrl: "https://opentelemetry.io/schemas/1.40.0",
    asyncAttributesPending: false,
    merge: () => made,
    getRawAttributes: () => Object.entries(attributes),
  };
  return made as unknown as NonNullable<TracerProviderOptions["resource"]>;
}

/** A trace with everything the SDK can say, sent through `exporter` one span at a time. */
export async function sendSdkTrace(exporter: SpanExporter, traceId: string): Promise<void> {
  const provider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    idGenerator: new CountingIds(traceId),
    spanLimits: {
      attributeCountLimit: Object.keys(VALUES).length,
      eventCountLimit: 3,
      linkCountLimit: 2,
      attributePerEventCountLimit: 2,
      attributePerLinkCountLimit: 1,
    },
    resource: resource({
      "service.name": "researcher",
      "process.command_args": ["node", "agent.js"],
      pid: 7,
    }),
  });
  const tracer = provider.getTracer("clew.fidelity", "1.2.3", {
    schemaUrl: "https://opentelemetry.io/schemas/1.39.0",
  });
  const remote = trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: "00f067aa0ba902b7",
    traceFlags: 1,
    isRemote: true,
    traceState: createTraceState("vendor=1,other=two"),
  });
  const root = tracer.startSpan(
    "answer größer 模型",
    { kind: SpanKind.SERVER, startTime: START, attributes: VALUES as unknown as NonNullable<Attributes> },
    remote,
  );
  root.setAttribute("one too many", true);
  root.addEvent("dropped", START);
  root.addEvent("thought", { first: 1, second: "two", third: "dropped" }, START);
  root.addEvent("no attributes", END);
  root.recordException(new TypeError("no tool of that name"), END);
  const elsewhere = {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "a3ce929d0e0e4736",
    traceFlags: 1,
  };
  root.addLink({ context: elsewhere });
  root.addLink({
    context: { ...elsewhere, traceState: createTraceState("linked=1"), isRemote: true },
    attributes: { why: "retry of", second: "dropped" },
  });
  root.addLink({ context: { ...elsewhere, traceFlags: 0 } });
  root.setStatus({ code: SpanStatusCode.ERROR, message: "deadline exceeded" });
  const inside = trace.setSpan(remote, root);
  for (const kind of [SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER]) {
    const child = tracer.startSpan(`child ${kind}`, { kind, startTime: START }, inside);
    child.setStatus({ code: SpanStatusCode.OK });
    child.end(END);
  }
  provider.getTracer("another").startSpan("bare", { startTime: START }, inside).end(START);
  root.end(END);
  await provider.forceFlush();
  await provider.shutdown();
}

import type { Setup } from "@clew/protocol/api/server-status";

/** One way to do something, with what to type. */
export interface Way {
  readonly id: string;
  readonly label: string;
  readonly says: string;
  readonly command: string;
}

/** The ways to send a first trace, filled in with where this server listens. */
export function waysToSend({ otlp }: Setup): Way[] {
  const { http } = otlp;
  const ways: Way[] = [
    {
      id: "run",
      label: "Node agent",
      says: "Starts any Node program traced, with every process it starts: OpenAI, Anthropic, Google GenAI, Vercel AI SDK, LangChain, LangGraph, OpenAI Agents, MCP, A2A, HTTP, gRPC, queues and databases. Nothing in it changes. In a checkout, write npm run clew -- in place of clew.",
      command: "clew run -- node agent.js",
    },
    {
      id: "python",
      label: "Python agent",
      says: "The same for Python: OpenAI, Anthropic, LangChain, LangGraph, MCP, A2A, web frameworks, HTTP clients and queues are traced without a change.",
      command: "clew run -- python agent.py",
    },
    {
      id: "sdk",
      label: "OpenTelemetry SDK",
      says: "Set these where your agent starts. Any language will do, and any framework that speaks OpenTelemetry.",
      command: environment(otlp),
    },
    {
      id: "framework",
      label: "Python framework",
      says: "CrewAI, LlamaIndex, DSPy, AutoGen and others have an OpenInference package each; this is CrewAI's. Set the variables of the tab before as well.",
      command: FRAMEWORK,
    },
  ];
  if (http !== undefined) {
    ways.push(
      {
        id: "collector",
        label: "Collector",
        says: "An exporter for the OpenTelemetry Collector; name it in the pipelines whose data you want to see here.",
        command: collector(http, otlp.auth),
      },
      { id: "curl", label: "curl", says: "One span, by hand.", command: curl(http, otlp.auth) },
    );
  }
  ways.push({
    id: "ask",
    label: "Coding agent",
    says: "Give this to the agent that writes your code.",
    command: `Trace this project with OpenTelemetry and send to ${http ?? otlp.grpc ?? ""}. Start Node and Python agents with
"clew run -- <command>" where that is possible; else use the OpenTelemetry SDK with OTLP. Pass traceparent and baggage
along on every call between agents, and put session.id and task.id into the baggage of each request.`,
  });
  return ways;
}

const FRAMEWORK = `# pip install openinference-instrumentation-crewai opentelemetry-sdk opentelemetry-exporter-otlp-proto-http
from openinference.instrumentation.crewai import CrewAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
CrewAIInstrumentor().instrument(tracer_provider=provider)`;

function environment({ http, grpc, auth }: Setup["otlp"]): string {
  return [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${http ?? grpc ?? ""}`,
    `export OTEL_EXPORTER_OTLP_PROTOCOL=${http === undefined ? "grpc" : "http/protobuf"}`,
    ...(auth ? ['export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$CLEW_TOKEN"'] : []),
  ].join("\n");
}

function collector(http: string, auth: boolean): string {
  return [
    "exporters:",
    "  otlphttp/clew:",
    `    endpoint: ${http}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector fills it in
    ...(auth ? ["    headers:", '      authorization: "Bearer ${env:CLEW_TOKEN}"'] : []),
    "service:",
    "  pipelines:",
    "    traces:",
    "      receivers: [otlp]",
    "      exporters: [otlphttp/clew]",
  ].join("\n");
}

function curl(http: string, auth: boolean): string {
  return `curl -sS ${http}/v1/traces -H 'content-type: application/json' ${auth ? '-H "authorization: Bearer $CLEW_TOKEN" ' : ""}-d '{"resourceSpans":[{
  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"hello"}}]},
  "scopeSpans":[{"spans":[{"traceId":"'$(openssl rand -hex 16)'","spanId":"'$(openssl rand -hex 8)'",
  "name":"invoke_agent hello","kind":1,"startTimeUnixNano":"'$(date +%s)'000000000",
  "endTimeUnixNano":"'$(date +%s)'250000000","attributes":[
  {"key":"gen_ai.operation.name","value":{"stringValue":"invoke_agent"}},
  {"key":"gen_ai.agent.name","value":{"stringValue":"hello"}}]}]}]}]}'`;
}

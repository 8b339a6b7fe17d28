import type { Setup } from "@clew/protocol/api/server-status";

/** One way to send a first trace. */
export interface Way {
  readonly id: string;
  readonly label: string;
  readonly says: string;
  readonly command: string;
}

/** The ways, filled in with where this server listens. */
export function waysToSend({ otlp }: Setup): Way[] {
  const http = otlp.http;
  const ways: Way[] = [
    {
      id: "run",
      label: "Node agent",
      says: "Starts any Node program traced, with every process it starts. Nothing in it changes. In a checkout, write npm run clew -- in place of clew.",
      command: "clew run -- node agent.js",
    },
    {
      id: "python",
      label: "Python agent",
      says: "The same for Python: HTTP, model SDKs, agent frameworks and queues are traced without a change.",
      command: "clew run -- python agent.py",
    },
    {
      id: "sdk",
      label: "Any OpenTelemetry SDK",
      says: "Set these where your agent starts. Any language will do.",
      command: environment(otlp),
    },
  ];
  if (http !== undefined) {
    ways.push({ id: "curl", label: "curl", says: "One span, by hand.", command: curl(http, otlp.auth) });
  }
  ways.push({
    id: "demo",
    label: "Demo",
    says: "No agent at hand? Three customer-support agents run on this machine, once well and once with an error. It needs no network and no key.",
    command: "clew demo",
  });
  return ways;
}

function environment({ http, grpc, auth }: Setup["otlp"]): string {
  return [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${http ?? grpc ?? ""}`,
    `export OTEL_EXPORTER_OTLP_PROTOCOL=${http === undefined ? "grpc" : "http/protobuf"}`,
    ...(auth ? ['export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$CLEW_TOKEN"'] : []),
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

import type { Way } from "./ways-to-send.ts";

/** How two agents come into one trace, and share its ids. */
export const WAYS_TO_LINK: readonly Way[] = [
  {
    id: "auto",
    label: "clew run",
    says: "Start both so, and calls over HTTP, gRPC, MCP, A2A, queues and child processes are one trace; the ids travel along.",
    command: `clew run --session s-77 --task t-1 -- node planner.js
clew run -- python researcher.py`,
  },
  {
    id: "javascript",
    label: "JavaScript",
    says: "The caller writes the headers, the other one goes on from them.",
    command: `import { context, propagation } from "@opentelemetry/api";
const headers = {};
propagation.inject(context.active(), headers); // traceparent, baggage
await fetch(researcher, { method: "POST", headers, body });
// there: context.with(propagation.extract(context.active(), request.headers), work);`,
  },
  {
    id: "python",
    label: "Python",
    says: "The caller puts an id into the baggage and writes the headers, the other one goes on from them.",
    command: `from opentelemetry import baggage, context, propagate
headers = {}
propagate.inject(headers, baggage.set_baggage("session.id", "s-77"))
httpx.post(researcher, headers=headers, json=body)
# there: context.attach(propagate.extract(request.headers))`,
  },
  {
    id: "process",
    label: "Another process",
    says: "A process that is started with these variables goes on with the trace.",
    command: `TRACEPARENT=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 \\
BAGGAGE=session.id=s-77,task.id=t-1 \\
clew run -- node worker.js`,
  },
  {
    id: "headers",
    label: "Any language",
    says: "Two headers of W3C on each request: who called, and the ids that all spans behind it get.",
    command: `traceparent: 00-<trace id, 32 hex digits>-<span id of the caller, 16 hex digits>-01
baggage: session.id=s-77,task.id=t-1,test.case.id=late-fee`,
  },
];

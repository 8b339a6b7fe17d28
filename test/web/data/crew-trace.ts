import { TraceBuilder } from "./span-builder.ts";

const agent = (name: string) => ({
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": name,
});
const model = (name: string, tokens: readonly [number, number]) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-5.1",
  "gen_ai.usage.input_tokens": tokens[0],
  "gen_ai.usage.output_tokens": tokens[1],
  "gen_ai.agent.name": name,
});
const tool = (name: string) => ({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name });

export const CREW_SPANS = 39;
/** Milliseconds that the message is in the queue. */
export const CREW_QUEUED_MS = 2200;

/**
 * A crew at work on a report, with something of everything: an orchestrator that waits for a researcher, whose
 * query fails twice; a planner and a critic who go on in turns; a hand-off to a writer; a message to an archive.
 */
export function crewTrace(startMs: number, question = "invoke_agent orchestrator"): TraceBuilder {
  const trace = new TraceBuilder(startMs, { "session.id": "crew" });
  const root = trace.add({
    name: question,
    service: "crew",
    at: 0,
    took: 38_400,
    attributes: agent("orchestrator"),
  });
  trace.add({
    ...{ name: "chat gpt-5.1", service: "crew", at: 60, took: 2100, parent: root, kind: 3 },
    attributes: model("orchestrator", [840, 96]),
  });
  research(trace, root);
  turns(trace, root);
  handOff(trace, root);
  return trace;
}

function research(trace: TraceBuilder, root: string): void {
  const asks = trace.add({
    ...{ name: "execute_tool ask_researcher", service: "crew", at: 2200, took: 17_600, parent: root },
    attributes: tool("ask_researcher"),
  });
  const call = trace.add({ name: "POST", service: "crew", at: 2210, took: 17_580, parent: asks, kind: 3 });
  const serve = trace.add({
    name: "POST /ask",
    service: "researcher",
    at: 2260,
    took: 17_500,
    parent: call,
    kind: 2,
  });
  const researcher = trace.add({
    ...{ name: "invoke_agent researcher", service: "researcher", at: 2270, took: 17_470, parent: serve },
    attributes: agent("researcher"),
  });
  for (let attempt = 0; attempt < 3; attempt++) {
    const at = 2400 + attempt * 5700;
    const fails = attempt < 2;
    trace.add({
      ...{ name: "chat gpt-5.1", service: "researcher", at, took: 1500, parent: researcher, kind: 3 },
      attributes: model("researcher", [1200 + 300 * attempt, 60]),
    });
    const query = trace.add({
      ...{ name: "execute_tool sql", service: "researcher", at: at + 1550, took: 3900, parent: researcher },
      attributes: { ...tool("sql"), ...(fails && { "error.type": "timeout" }) },
      ...(fails && { error: "query took longer than 3 s" }),
    });
    trace.add({
      ...{ name: "SELECT orders", service: "warehouse", at: at + 1600, took: 3800, parent: query, kind: 3 },
      attributes: { "db.system.name": "postgresql", ...(fails && { "error.type": "timeout" }) },
      ...(fails && { error: "query took longer than 3 s" }),
    });
  }
}

function turns(trace: TraceBuilder, root: string): void {
  for (let round = 0; round < 4; round++) {
    for (const [turn, who] of ["planner", "critic"].entries()) {
      const at = 20_000 + round * 2600 + turn * 1300;
      const run = trace.add({
        ...{ name: `invoke_agent ${who}`, service: who, at, took: 1250, parent: root },
        attributes: agent(who),
      });
      trace.add({
        ...{ name: "chat gpt-5.1", service: who, at: at + 40, took: 1150, parent: run, kind: 3 },
        attributes: model(who, [900 + round * 500 + turn * 250, 150]),
      });
    }
  }
}

function handOff(trace: TraceBuilder, root: string): void {
  const over = trace.add({
    ...{ name: "transfer_to_writer", service: "crew", at: 30_600, took: 60, parent: root },
    attributes: tool("transfer_to_writer"),
  });
  const writer = trace.add({
    ...{ name: "invoke_agent writer", service: "writer", at: 30_640, took: 7700, parent: over },
    attributes: agent("writer"),
  });
  for (let page = 0; page < 2; page++) {
    trace.add({
      ...{
        name: "chat gpt-5.1",
        service: "writer",
        at: 30_700 + page * 3600,
        took: 3500,
        parent: writer,
        kind: 3,
      },
      attributes: model("writer", [2600, 820]),
    });
  }
  const send = trace.add({
    ...{ name: "send reports", service: "writer", at: 38_000, took: 20, parent: writer, kind: 4 },
    attributes: { "messaging.system": "rabbitmq", "messaging.destination.name": "reports" },
  });
  const archive = trace.add({
    ...{
      name: "process reports",
      service: "archive",
      at: 38_020 + CREW_QUEUED_MS,
      took: 900,
      parent: send,
      kind: 5,
    },
    attributes: { "messaging.system": "rabbitmq", "messaging.destination.name": "reports" },
  });
  const keeper = trace.add({
    ...{
      name: "invoke_agent archivist",
      service: "archive",
      at: 38_040 + CREW_QUEUED_MS,
      took: 850,
      parent: archive,
    },
    attributes: agent("archivist"),
  });
  trace.add({
    ...{
      name: "chat gpt-5.1",
      service: "archive",
      at: 38_060 + CREW_QUEUED_MS,
      took: 700,
      parent: keeper,
      kind: 3,
    },
    attributes: model("archivist", [400, 20]),
  });
}

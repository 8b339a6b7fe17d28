import { once } from "node:events";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { Command } from "commander";
import { paint } from "../screen/paint.ts";
import { type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { tailLine } from "../traces/tail-line.ts";
import { runAgents } from "./demo-agents.ts";
import { agentsEnvironment, CUSTOMERS, newSession } from "./demo-environment.ts";
import { type DemoServer, demoServer } from "./demo-server.ts";
import { tracesOf } from "./demo-traces.ts";

const CLEW = import.meta.url.endsWith(".ts") ? "npm run clew --" : "npx clew";

export function demoCommand(shell: Shell): Command {
  const command = new Command("demo").description(
    "Run three agents for real, and show the traces of what they do.",
  );
  return withServerOptions(command, "print the result as JSON, and end a server that was started for it")
    .addHelpText(
      "after",
      `
Two customers write to a shop: a chatbot, three agents and three services answer, each a process of its own, with a
model that is played. The second customer is told that something went wrong; the trace says where. Nothing is
needed for it: no key, no network. Where no server runs, one is started, and runs until Ctrl-C.

Examples:
  clew demo
  clew demo --json | jq -r '.traces[].traceId'
  PYTHON= clew demo                # Node alone, also where Python is there`,
    )
    .action(async (options: ServerOptions) => {
      const json = options.json === true;
      await using server = await demoServer(shell, options);
      if (!json && server.isOwn) await print(shell, [`No server runs yet, so one is started: ${server.url}`]);
      const session = newSession();
      if (!json) await print(shell, ["Seven processes start; then two customers ask.", ""]);
      const said: string[] = [];
      const onLine = (line: string): void => {
        said.push(line);
        if (!json) void print(shell, [`  ${line}`]);
      };
      const { env, cwd, signal } = shell;
      const input = { flags: { config: options.config }, env, cwd };
      await runAgents(await agentsEnvironment(input, { ...server, session }), onLine, signal);
      const list = async () => (await server.client.traces({ session }, { signal })).items;
      const traces = await tracesOf(list, CUSTOMERS, signal);
      if (json) return await printJson(shell, asJson(server, session, said, traces));
      await print(shell, shown(shell, server, session, traces));
      if (!server.isOwn || shell.signal.aborted) return;
      await print(shell, ["", "The server runs until Ctrl-C."]);
      await once(shell.signal, "abort");
    });
}

function asJson({ url, isOwn }: DemoServer, session: string, said: string[], traces: TraceItem[]) {
  return {
    server: url,
    started: isOwn,
    session,
    conversation: said,
    traces: traces.map((trace) => ({ ...trace, url: linkOf(url, trace) })),
  };
}

function shown(shell: Shell, { url }: DemoServer, session: string, traces: TraceItem[]): string[] {
  const screen = outputScreen(shell);
  const strong = (text: string): string => paint(screen, "bold", text);
  return [
    "",
    ...traces.flatMap((trace) => [
      ...tailLine(trace, screen, Date.now()),
      `  ${strong(`${CLEW} trace ${trace.traceId.slice(0, 8)}`)}`,
      `  ${linkOf(url, trace)}`,
      "",
    ]),
    "Both, and what failed:",
    `  ${strong(`${CLEW} traces --session ${session}`)}`,
    `  ${strong(`${CLEW} traces --session ${session} --status error`)}`,
  ];
}

function linkOf(url: string, { traceId }: TraceItem): string {
  return `${url}/traces/${traceId}`;
}

import { Command } from "commander";
import { GATEWAY_PORT } from "../../gateway/config/read-gateway-config.ts";
import { collect } from "../server-options.ts";
import type { Shell } from "../shell.ts";
import type { GatewayFlags } from "./gateway-flags.ts";

export interface GatewayOptions extends GatewayFlags {
  readonly config?: string;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly replayFrom?: string;
  readonly url?: string;
}

export function gatewayCommand(shell: Shell): Command {
  return new Command("gateway")
    .description("Run the tracing gateway: a proxy before models, agents and tools that traces every call.")
    .option("--config <file>", "configuration file; its section gateway is read (default: as clew serve)")
    .option("--check", "check the configuration and end: 0 when it can be used, 2 when not")
    .option("--json", "print where the gateway is, or what --check found, as one JSON object, and log JSON")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--port <port>", `port to listen on; 0 picks a free one (default: ${GATEWAY_PORT})`)
    .option("--insecure", "allow listening beyond loopback without a token")
    .option(
      "--upstream <name=url>",
      "a provider of models; of a known one the name will do; repeatable",
      collect,
    )
    .option("--agent <name=url>", "an agent, at /agents/NAME and /NAME; repeatable", collect)
    .option("--service <name=url>", "a tool or another service, at /NAME; repeatable", collect)
    .option(
      "--random-sampling <percent>",
      "how many of the traces that begin here are recorded (default: 100)",
    )
    .option("--capture <level>", "prompts and answers: off, metadata or full (default: full)")
    .option("--otlp <url>", "where spans go, OTLP over HTTP; repeatable (default: the Clew server)", collect)
    .option("--record <folder>", "keep every call of a model and its answer as a file")
    .option("--replay <folder>", "answer calls of models from what was recorded")
    .option("--replay-from <trace>", "answer calls of models with what a stored trace says")
    .option("--match <mode>", "how a request is found again: strict or loose (default: strict)")
    .option("--missing <mode>", "what was not recorded: error or forward (default: error)")
    .option("--access-log <file>", "a line of JSON for every request; - is standard output")
    .option("--url <url>", "address of the server that --replay-from asks")
    .addHelpText(
      "after",
      `
Without any configuration it passes calls on to the providers that it knows, with the credentials of the caller:
  OPENAI_BASE_URL=http://127.0.0.1:${GATEWAY_PORT}/openai/v1
  ANTHROPIC_BASE_URL=http://127.0.0.1:${GATEWAY_PORT}/anthropic
  /v1/chat/completions goes to the provider that the model's name belongs to.

A token for callers comes from CLEW_GATEWAY_TOKEN. SIGHUP, or a change of the file, has the configuration read anew.

Examples:
  clew gateway
  clew gateway --check --config clew.yaml
  clew gateway --upstream openai --upstream local=http://127.0.0.1:8000/v1
  clew gateway --agent orders=http://127.0.0.1:9001 --agent support=http://127.0.0.1:9002
  clew gateway --record recordings    # and later: clew gateway --replay recordings`,
    )
    .action(async (options: GatewayOptions) => {
      const { runGateway } = await import("./run-gateway.ts");
      await runGateway(options, shell);
    });
}

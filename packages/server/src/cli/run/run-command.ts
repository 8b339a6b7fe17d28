import { ApiError } from "@clew/protocol/api/api-error";
import { ApiClient } from "@clew/protocol/api/client";
import { Command, Option } from "commander";
import { findServer } from "../../config/server-address.ts";
import { CommandEnded, failureOf, UsageError } from "../failure.ts";
import { packagesFolder } from "../python/packages-folder.ts";
import { whyUntraced } from "../python/untraced.ts";
import { notesScreen, type Shell } from "../shell.ts";
import { preloadUrl } from "./preload.ts";
import { pythonEnvironment } from "./python-environment.ts";
import { receiverOf, usualReceiver } from "./receiver.ts";
import { runChild } from "./run-child.ts";
import { runEnvironment } from "./run-environment.ts";

interface RunOptions {
  readonly session?: string;
  readonly task?: string;
  readonly testCase?: string;
  readonly testRun?: string;
  readonly user?: string;
  readonly name?: string;
  readonly content?: string;
  readonly url?: string;
  readonly config?: string;
}

export function runCommand(shell: Shell): Command {
  return new Command("run")
    .description("Run a program with every Node and Python process in it traced.")
    .argument("<command...>", "the program and its arguments, after --")
    .passThroughOptions()
    .option("--session <id>", "session.id of every span")
    .option("--task <id>", "task.id of every span")
    .option("--test-case <id>", "test.case.id of every span")
    .option("--test-run <id>", "test.suite.run.id of every span")
    .option("--user <id>", "user.id of every span")
    .option("--name <service>", "service name (default: that of each process's package)")
    .addOption(
      new Option(
        "--content <level>",
        "what to record of prompts, answers and tool calls (default: CLEW_CONTENT, else full)",
      ).choices(["off", "metadata", "full"]),
    )
    .option("--url <url>", "address of the server (default: CLEW_URL, else where clew.yaml has it)")
    .option("--config <file>", "configuration file to find the server by")
    .addHelpText(
      "after",
      `
Examples:
  clew run -- node agent.js
  clew run --session demo --name planner -- npm start
  clew run --test-case login --content metadata -- npx tsx agent.ts
  clew run -- uvicorn app:app --workers 2`,
    )
    .action(async (command: string[], options: RunOptions) => {
      for (const [name, value] of Object.entries(options)) {
        if (value === "")
          throw new UsageError(`--${name.replace(/[A-Z]/g, "-$&").toLowerCase()} must not be empty`);
      }
      const preload = preloadUrl();
      const packages = packagesFolder({ flags: { config: options.config }, env: shell.env, cwd: shell.cwd });
      const [{ endpoint, token }, untraced] = await Promise.all([
        receiver(shell, options),
        whyUntraced(command, shell.env, packages),
      ]);
      const { name, content } = options;
      const env = runEnvironment(shell.env, {
        preload,
        endpoint,
        token,
        ...(name !== undefined && { name }),
        ...(content !== undefined && { content }),
        ids: idsOf(options),
      });
      if (untraced !== undefined) shell.notes.write(`clew: ${untraced}\n`);
      const { exitCode, problem } = await runChild(command, { ...env, ...pythonEnvironment(env, packages) });
      throw new CommandEnded(exitCode, problem);
    });
}

function idsOf({ session, task, testCase, testRun, user }: RunOptions): Record<string, string> {
  return {
    ...(session !== undefined && { "session.id": session }),
    ...(task !== undefined && { "task.id": task }),
    ...(testCase !== undefined && { "test.case.id": testCase }),
    ...(testRun !== undefined && { "test.suite.run.id": testRun }),
    ...(user !== undefined && { "user.id": user }),
  };
}

/** Where the server takes OTLP. Without a server the program runs all the same, and only a terminal is told. */
async function receiver(
  shell: Shell,
  options: RunOptions,
): Promise<{ endpoint: string; token: string | undefined }> {
  const { url, config } = options;
  const { url: api, token } = findServer({ flags: { url, config }, env: shell.env, cwd: shell.cwd });
  try {
    return { endpoint: await receiverOf(new ApiClient({ baseUrl: api, token }), api), token };
  } catch (error) {
    if (notesScreen(shell).isTerminal) {
      const [why] = error instanceof ApiError ? failureOf(error, shell.signal).lines : [];
      const problem = why ?? `No server answers at ${api}`;
      shell.notes.write(`clew: ${problem}. The program runs, its traces are lost\n`);
    }
    return { endpoint: usualReceiver(api), token };
  }
}

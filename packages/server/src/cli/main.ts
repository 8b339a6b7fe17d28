import { Command } from "commander";
import { compareCommand } from "./compare/compare-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { exportCommand } from "./export/export-command.ts";
import { EXIT, failureOf } from "./failure.ts";
import { gatewayCommand } from "./gateway/gateway-command.ts";
import { importCommand } from "./import/import-command.ts";
import { logsCommand } from "./logs/logs-command.ts";
import { mapCommand } from "./map/map-command.ts";
import { pythonCommand } from "./python/python-command.ts";
import { queryCommand } from "./query/query-command.ts";
import { runCommand as runProgramCommand } from "./run/run-command.ts";
import { paint } from "./screen/paint.ts";
import { serveCommand } from "./serve/serve-command.ts";
import { notesScreen, outputScreen, type Shell } from "./shell.ts";
import { statusCommand } from "./status-command.ts";
import { tailCommand } from "./tail-command.ts";
import { traceCommand } from "./trace/trace-command.ts";
import { tracesCommand } from "./traces/traces-command.ts";
import { packageVersion } from "./version.ts";

const ORPHAN_CHECK_MS = 500;
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a command line; resolves to the exit code. */
export async function runCommand(args: readonly string[], shell: Shell): Promise<number> {
  try {
    await program(shell).parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    const { exitCode, lines } = failureOf(error, shell.signal);
    const [first, ...rest] = lines;
    const screen = notesScreen(shell);
    if (first !== undefined) shell.notes.write(`${paint(screen, "red", "clew:")} ${first}\n`);
    for (const line of rest) shell.notes.write(`${line}\n`);
    return exitCode;
  }
}

function program(shell: Shell): Command {
  const clew = new Command("clew")
    .description("Distributed tracing for AI agents.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpCommand("help [command]", "explain a command")
    .showHelpAfterError(false)
    .enablePositionalOptions()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", "\nclew COMMAND --help explains a command and shows examples.");
  for (const create of [
    serveCommand,
    gatewayCommand,
    runProgramCommand,
    tracesCommand,
    traceCommand,
    compareCommand,
    queryCommand,
    logsCommand,
    mapCommand,
    tailCommand,
    importCommand,
    exportCommand,
    statusCommand,
    pythonCommand,
    demoCommand,
  ]) {
    clew.addCommand(create(shell));
  }
  for (const command of [clew, ...clew.commands, ...clew.commands.flatMap(({ commands }) => commands)]) {
    if (command.commands.length > 0 && command !== clew) command.helpCommand(false);
    command.helpOption("-h, --help", "explain the command");
    command.exitOverride().configureOutput({
      writeOut: (text) => shell.output.write(text),
      writeErr: (text) => shell.notes.write(text),
      getOutHelpWidth: () => outputScreen(shell).width,
      getErrHelpWidth: () => notesScreen(shell).width,
      getOutHasColors: () => outputScreen(shell).color,
      getErrHasColors: () => notesScreen(shell).color,
      outputError: (text, writeErr) => {
        const told = text
          .trim()
          .replace(/^error: /, "")
          .replace(/\s*\n\(D(id you mean .*\?)\)$/, "; d$1");
        const isMissing = told.startsWith("missing required argument");
        const usage = isMissing ? `; usage: ${command.createHelp().commandUsage(command)}` : "";
        writeErr(`${paint(notesScreen(shell), "red", "clew:")} ${told}${usage}\n`);
      },
    });
  }
  return clew;
}

/** Runs the command line of a process. A second signal ends it at once. */
export async function run(args: readonly string[], host: NodeJS.Process): Promise<void> {
  const ending = new AbortController();
  let firstAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    // npm and an older Node in front both pass on what the terminal has sent to everybody.
    if (ending.signal.aborted && performance.now() - firstAt < 500) return;
    if (ending.signal.aborted) host.exit(signal === "SIGINT" ? EXIT.interrupted : 143);
    firstAt = performance.now();
    ending.abort();
  };
  // A program that is run gets the signals itself, and decides when it has ended.
  const signals = args[0] === "run" ? [] : ENDING_SIGNALS.filter((each) => !isReload(args, each));
  for (const signal of signals) host.on(signal, onSignal);
  endWithServer(args, host, () => ending.abort());
  const watch = endWithNpm(host, () => ending.abort());
  // The reader of a pipe may have seen enough, as `head` does.
  host.stdout.on("error", (error: NodeJS.ErrnoException) =>
    host.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failed),
  );
  host.exitCode = await runCommand(args, {
    env: host.env,
    cwd: host.cwd(),
    input: host.stdin,
    output: host.stdout,
    notes: host.stderr,
    signal: ending.signal,
  });
  for (const signal of signals) host.off(signal, onSignal);
  clearInterval(watch);
}

/** A gateway that a server has started ends with it, however that ends. */
function endWithServer(args: readonly string[], host: NodeJS.Process, end: () => void): void {
  if (args[0] !== "gateway" || host.channel == null) return;
  host.once("disconnect", end);
  host.channel.unref();
}

/** The gateway reads its configuration anew at this signal. */
function isReload(args: readonly string[], signal: NodeJS.Signals): boolean {
  return args[0] === "gateway" && signal === "SIGHUP";
}

/**
 * npm and npx run commands in a shell, which a signal to them ends without the command being told. Being
 * adopted by another process tells it as well.
 */
function endWithNpm(host: NodeJS.Process, end: () => void): NodeJS.Timeout | undefined {
  if (host.env.npm_execpath === undefined) return undefined;
  const parent = host.ppid;
  return setInterval(() => {
    if (host.ppid !== parent) end();
  }, ORPHAN_CHECK_MS).unref();
}

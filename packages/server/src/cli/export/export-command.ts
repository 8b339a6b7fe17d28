import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportFormat, ExportRequest, Moment } from "@clew/protocol/api/requests";
import type { Signal } from "@clew/protocol/signal";
import { Command, Option } from "commander";
import { formatByteSize } from "../../config/byte-size.ts";
import { UsageError } from "../failure.ts";
import { Progress } from "../progress.ts";
import { clientOf, parseMoment, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, printJson, printJsonStream, type Shell, write } from "../shell.ts";

interface ExportOptions extends ServerOptions {
  readonly format: "otlp" | "jsonl" | "protobuf";
  readonly output?: string;
  readonly signal: Signal;
  readonly since?: Moment;
  readonly all?: boolean;
}

const FORMATS: Readonly<Record<ExportOptions["format"], ExportFormat>> = {
  otlp: "json",
  jsonl: "jsonl",
  protobuf: "protobuf",
};

export function exportCommand(shell: Shell): Command {
  const command = new Command("export")
    .description("Write traces as OTLP, exactly as they were sent.")
    .argument("[ids...]", "trace ids, beginnings of them, or last")
    .addOption(
      new Option("-f, --format <format>", "one OTLP/JSON document, one a line, or the protobuf message")
        .choices(["otlp", "jsonl", "protobuf"])
        .default("otlp"),
    )
    .option("-o, --output <file>", "write here instead of standard output")
    .addOption(
      new Option("--signal <signal>", "what to export")
        .choices(["traces", "logs", "metrics"])
        .default("traces"),
    )
    .option("--since <time>", "everything since this long ago, as 30m, 1h or 2d, or a date", parseMoment)
    .option("--all", "everything that is stored");
  return withServerOptions(command, "with --output: print what was written as JSON")
    .addHelpText(
      "after",
      `
Examples:
  clew export last -o trace.json
  clew export 0af76519 3f2a91bc --format jsonl
  clew export --since 1d --format jsonl -o yesterday.jsonl
  clew export --all --signal logs --format protobuf -o logs.pb`,
    )
    .action(async (ids: string[], options: ExportOptions) => {
      const request = requestOf(ids, options);
      if (options.output === undefined && options.format === "protobuf" && outputScreen(shell).isTerminal) {
        throw new UsageError("protobuf is not for a terminal; name a file with --output");
      }
      const body = await clientOf(shell, options).export(options.signal, request, { signal: shell.signal });
      if (options.output === undefined) {
        if (options.format !== "protobuf") return await printJsonStream(shell, body);
        for await (const piece of body) await write(shell.output, piece);
        return;
      }
      const file = resolve(shell.cwd, options.output);
      const bytes = await save(body, file, shell);
      if (options.json) await printJson(shell, { file, bytes });
      else shell.notes.write(`Wrote ${formatByteSize(bytes)} to ${options.output}\n`);
    });
}

function requestOf(ids: readonly string[], options: ExportOptions): ExportRequest {
  const ways = [ids.length > 0, options.since !== undefined, options.all === true].filter(Boolean).length;
  if (ways !== 1) throw new UsageError("say what to export: ids of traces, --since TIME or --all");
  if (ids.length > 0 && options.signal === "metrics")
    throw new UsageError("metrics belong to no trace; use --since or --all");
  return {
    format: FORMATS[options.format],
    ...(ids.length > 0 && { traces: ids }),
    ...(options.since !== undefined && { from: options.since }),
  };
}

/** The file appears under its name only when it is complete. */
async function save(body: ReadableStream<Uint8Array>, file: string, shell: Shell): Promise<number> {
  const unfinished = `${file}.part`;
  const progress = new Progress(shell);
  let bytes = 0;
  const counting = new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      bytes += piece.length;
      progress.bytes("Exporting", bytes, 0);
      done(null, piece);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), counting, createWriteStream(unfinished), { signal: shell.signal });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    progress.end();
  }
  return bytes;
}

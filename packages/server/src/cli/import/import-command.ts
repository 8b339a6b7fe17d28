import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { Command } from "commander";
import { findServer } from "../../config/server-address.ts";
import { Failed, UsageError } from "../failure.ts";
import { Progress } from "../progress.ts";
import { clientOf, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { batches } from "./batches.ts";
import { faultOf } from "./documents.ts";
import { importLines } from "./import-lines.ts";
import { sendBatch } from "./otlp-sender.ts";
import { readDocuments } from "./read-file.ts";
import { Tally } from "./tally.ts";

const LIMITS = { records: 1000, bytes: 4 * 1024 * 1024 };
/** Requests under way at once. */
const AT_ONCE = 4;

export function importCommand(shell: Shell): Command {
  const command = new Command("import")
    .description("Send stored traces, logs and metrics to the server.")
    .argument("<files...>", "files, or - for standard input");
  return withServerOptions(command, "print what was accepted and rejected as JSON")
    .addHelpText(
      "after",
      `
Understood without being told: OTLP as JSON, JSON lines or protobuf, what Jaeger's UI downloads and its API answers,
and Zipkin's JSON; each also packed with gzip. What is imported twice is stored once.

Examples:
  clew import trace.json
  clew import *.jsonl.gz
  curl -s "$JAEGER/api/traces?service=planner" | clew import -`,
    )
    .action(async (files: string[], options: ServerOptions) => {
      if (files.filter((file) => file === "-").length > 1)
        throw new UsageError("standard input can be read only once");
      const { otlp } = await clientOf(shell, options).setup({ signal: shell.signal });
      if (otlp.http === undefined) throw new UsageError("this server does not receive OTLP over HTTP");
      const { token } = findServer({ flags: { ...options }, env: shell.env, cwd: shell.cwd });
      const sender = { url: otlp.http.replace(/\/+$/, ""), token, signal: shell.signal };
      const tally = new Tally();
      for (const file of files) await importFile(file, tally, sender, shell);
      if (options.json) await printJson(shell, tally.result);
      else await print(shell, importLines(tally.result, outputScreen(shell)));
      if (!tally.isComplete) throw new Failed();
    });
}

async function importFile(
  file: string,
  tally: Tally,
  sender: Parameters<typeof sendBatch>[1],
  shell: Shell,
): Promise<void> {
  const progress = new Progress(shell);
  const path = resolve(shell.cwd, file);
  const size = file === "-" ? 0 : (await stat(path)).size;
  const source = file === "-" ? shell.input : createReadStream(path);
  let read = 0;
  const counted = Readable.from(
    (async function* () {
      for await (const piece of source as AsyncIterable<Uint8Array>) {
        read += piece.length;
        yield piece;
      }
    })(),
    { objectMode: false },
  );
  const underWay = new Set<Promise<void>>();
  tally.begin(file);
  try {
    for await (const document of readDocuments(counted)) {
      tally.found(document.format, document.rejected);
      for (const { signal, data } of document.parts) {
        for (const batch of batches(signal, data, LIMITS)) {
          const sending = sendBatch(batch, sender).then((outcome) => tally.sent(signal, outcome));
          const done = sending.finally(() => underWay.delete(done));
          underWay.add(done);
          progress.bytes(`Importing ${file}`, read, size);
          if (underWay.size >= AT_ONCE) await Promise.race(underWay);
        }
      }
    }
    await Promise.all(underWay);
  } catch (error) {
    await Promise.allSettled(underWay);
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    tally.unreadable(fault);
  } finally {
    progress.end();
  }
}

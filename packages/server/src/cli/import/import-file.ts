import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { Progress } from "../progress.ts";
import type { Shell } from "../shell.ts";
import { batches } from "./batches.ts";
import { faultOf } from "./documents.ts";
import { type SenderOptions, sendBatch } from "./otlp-sender.ts";
import { readDocuments } from "./read-file.ts";
import type { Tally } from "./tally.ts";

const LIMITS = { records: 1000, bytes: 4 * 1024 * 1024 };
/** Requests under way at once. */
const AT_ONCE = 4;

/** Sends everything of a file, `-` for standard input, and counts what became of it. */
export async function importFile(
  file: string,
  tally: Tally,
  sender: SenderOptions,
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

import type { TracesData } from "@clew/protocol/otlp/model";
import type { Recording } from "../../gateway/config/gateway-config.ts";
import { traceCalls } from "../../gateway/record/trace-calls.ts";
import { TraceReplayer } from "../../gateway/record/trace-replayer.ts";
import { UsageError } from "../failure.ts";
import { clientOf, type ServerOptions } from "../server-options.ts";
import type { Shell } from "../shell.ts";

/** A replayer of the calls of a stored trace; `trace` is an id, the beginning of one, or `last`. */
export async function replayerOfTrace(
  trace: string,
  options: ServerOptions,
  { match, missing }: Recording,
  shell: Shell,
): Promise<TraceReplayer> {
  const request = { format: "json", traces: [trace] } as const;
  const body = await clientOf(shell, options).export("traces", request, { signal: shell.signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  const { calls, untold } = traceCalls(JSON.parse(Buffer.concat(pieces).toString()) as TracesData);
  if (calls.length === 0) {
    const why =
      untold > 0 ? `the answers of its ${untold} calls were not recorded` : "it has no call of a model";
    throw new UsageError(`the trace ${trace} can't be replayed: ${why}`);
  }
  return new TraceReplayer({ calls, match, missing });
}

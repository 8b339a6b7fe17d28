import { createWriteStream } from "node:fs";
import type { GatewayConfig } from "../../gateway/config/gateway-config.ts";
import { endpointOf } from "../../gateway/export/endpoint.ts";
import { Exporter } from "../../gateway/export/exporter.ts";
import { accessLog } from "../../gateway/metrics/access-log.ts";
import { TextMetrics } from "../../gateway/metrics/text-metrics.ts";
import type { GatewayParts } from "../../gateway/proxy/gateway-parts.ts";
import { FileRecorder } from "../../gateway/record/file-recorder.ts";
import { FileReplayer } from "../../gateway/record/file-replayer.ts";
import type { Recorder, Replayer } from "../../gateway/record/recorder.ts";
import { secretsOf } from "../../gateway/record/redact.ts";
import type { CostOf } from "../../gateway/understand/call.ts";
import type { Logger } from "../../log.ts";
import type { Shell } from "../shell.ts";

const LAST_SPANS_MS = 5000;

export interface RuntimeOptions {
  readonly shell: Shell;
  readonly log: Logger;
  readonly cost: CostOf;
  /** Instead of what the configuration says of recordings. */
  readonly replayer: Replayer | undefined;
}

/** What lives as long as one configuration. */
export interface OpenParts {
  readonly parts: GatewayParts;
  /** Sends and writes what is left. */
  close(): Promise<void>;
}

/** Makes the parts of one configuration after the other; figures go on through all of them. */
export class GatewayRuntime {
  readonly #options: RuntimeOptions;
  readonly #exporters = new Set<Exporter>();
  readonly #metrics = new TextMetrics(() => [...this.#exporters].flatMap(({ stats }) => stats));

  constructor(options: RuntimeOptions) {
    this.#options = options;
  }

  /** Throws for recordings and files that can't be used; nothing is left open then. */
  open({ tracing, recording, upstreams, accessLog: place }: GatewayConfig): OpenParts {
    const { log, cost, shell } = this.#options;
    const endpoints = tracing.exporters.map(({ url, headers, gzip, timeoutMs }) =>
      endpointOf(url, headers, { gzip, timeoutMs }),
    );
    const replayer =
      this.#options.replayer ?? (recording.mode === "replay" ? new FileReplayer(recording) : undefined);
    const secrets = [...upstreams.values()].flatMap(({ headers }) =>
      secretsOf(Object.fromEntries(headers), ""),
    );
    const recorder: Recorder | undefined =
      recording.mode === "record"
        ? new FileRecorder({ folder: recording.folder, logger: log, secrets })
        : undefined;
    const lines = place === undefined ? undefined : linesTo(place, shell, log);
    const sink = new Exporter({ endpoints, logger: log });
    this.#exporters.add(sink);
    return {
      parts: {
        ...{ sink, recorder, replayer, cost, log },
        metrics: this.#metrics,
        accessLog: lines && accessLog(lines.target),
      },
      close: async () => {
        await recorder?.close();
        await sink.close(LAST_SPANS_MS);
        this.#exporters.delete(sink);
        lines?.end();
      },
    };
  }
}

function linesTo(place: string, { output }: Shell, log: Logger) {
  if (place === "-") return { target: output, end: () => undefined };
  const file = createWriteStream(place, { flags: "a" });
  file.on("error", (error) => log.error({ error }, "the access log can't be written"));
  return { target: file, end: () => void setImmediate(() => file.end()) };
}

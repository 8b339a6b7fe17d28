import { logs } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { sendJsonLine } from "../logs/json-line.ts";
import { activeLogIds, addIds, type LogIds } from "../logs/log-ids.ts";
import { isSentByAgent } from "../logs/own-senders.ts";
import { instrumentationOf } from "../module-patch.ts";

interface BunyanRecord {
  readonly level: number;
  [field: string]: unknown;
}

/** Writes a record to all streams, or only makes its line; returns the line where a stream needs one. */
type Emit = (this: object, record: BunyanRecord, lineOnly?: boolean) => string | undefined;

interface Bunyan {
  readonly prototype: { _emit: Emit };
  readonly nameFromLevel?: Readonly<Record<number, string>>;
}

const SCOPE = "clew.bunyan";

/** Puts ids into bunyan's records, for raw streams too, and sends the line that its streams write. */
export const bunyan: Library = {
  name: "bunyan",
  instrumentation: (settings) => {
    const ids = activeLogIds(settings);
    const patched = new WeakSet<object>();
    return instrumentationOf(SCOPE, [
      {
        module: "bunyan",
        versions: [">=1 <3"],
        patch: (exports) => {
          const module = (exports.default ?? exports) as Bunyan;
          if (patched.has(module)) return;
          patched.add(module);
          patch(module, ids);
        },
      },
    ]);
  },
};

function patch({ prototype, nameFromLevel }: Bunyan, activeIds: () => LogIds | undefined): void {
  const logger = logs.getLogger(SCOPE);
  const emit = prototype._emit;
  prototype._emit = function (this: object, record, lineOnly) {
    if (lineOnly === true) return emit.call(this, record, lineOnly);
    attempt(SCOPE, () => {
      const ids = activeIds();
      if (ids !== undefined) addIds(record, ids);
    });
    const line = emit.call(this, record, lineOnly);
    attempt(SCOPE, () => {
      if (isSentByAgent("bunyan") || !logger.enabled()) return;
      const { level } = record;
      const levelName = nameFromLevel?.[level] ?? "";
      const text = line ?? JSON.stringify(record);
      sendJsonLine(logger, { text, level, levelName, messageKey: "msg", errorKey: "err" });
    });
    return line;
  };
}

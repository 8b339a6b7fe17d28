import { attempt } from "../../attempt.ts";
import type { Operation } from "../../genai/operation.ts";
import { runOperation } from "../../genai/run-operation.ts";
import { type Fields, fields } from "../../models/value.ts";
import { isOurs, modelOf } from "./call-options.ts";
import { type Recording, startEmbedding, usageOf } from "./calls.ts";

type Call = (this: unknown, options: Fields, ...of: unknown[]) => unknown;

/** The functions that embed and rank, each call inside a span: no version gives them a context of their own. */
export function withEmbeddings(exports: Fields, recording: () => Recording): Record<string, unknown> {
  const replaced: Record<string, unknown> = {};
  for (const name of ["embed", "embedMany", "rerank"]) {
    const original = exports[name];
    if (typeof original !== "function") continue;
    const call: Call = function (options, ...of) {
      const run = () => (original as Call).call(this, options, ...of);
      const operation = attempt("clew.ai", () => start(recording(), name, options));
      if (operation === undefined) return run();
      return runOperation(operation, run, (result) => {
        attempt("clew.ai", () => operation.usage(usageOf(fields(result).usage)));
      });
    };
    Object.defineProperty(call, "name", { value: name, configurable: true });
    replaced[name] = call;
  }
  return replaced;
}

function start(recording: Recording, name: string, options: Fields): Operation | undefined {
  if (!isOurs(options)) return undefined;
  return startEmbedding(recording, {
    ...modelOf(options.model),
    operationId: `ai.${name}`,
    dimensions: options.dimensions,
  });
}

import { replaceMethod } from "../../models/replace-method.ts";
import { type Fields, fields } from "../../models/value.ts";
import type { Recording } from "./calls.ts";
import { TranslatingTracer } from "./translating-tracer.ts";

type Call = (this: unknown, options: Fields, ...of: unknown[]) => unknown;

const FUNCTIONS = ["generateText", "streamText", "generateObject", "streamObject"];
const AGENTS = ["ToolLoopAgent", "Experimental_Agent"];

/** The functions of versions 5 and 6 with telemetry on, and their classes patched to the same effect. */
export function withTelemetry(exports: Fields, recording: () => Recording): Record<string, unknown> {
  const tracer = new TranslatingTracer(recording);
  const traced = (options: Fields, telemetry = options.experimental_telemetry): Fields => {
    const given = fields(telemetry);
    // Who says that there shall be none, or has a tracer of his own, is left alone.
    if (given.isEnabled !== undefined || given.tracer !== undefined) return options;
    const isRecorded = recording().level !== "off";
    return {
      ...options,
      experimental_telemetry: {
        recordInputs: isRecorded,
        recordOutputs: isRecorded,
        ...given,
        isEnabled: true,
        tracer,
      },
    };
  };
  for (const name of AGENTS) patchAgent(exports[name], traced);
  const replaced: Record<string, unknown> = {};
  for (const name of FUNCTIONS) {
    const original = exports[name];
    if (typeof original !== "function") continue;
    replaced[name] = named(original, function (this: unknown, options, ...of) {
      return (original as Call).call(this, traced(options), ...of);
    });
  }
  return replaced;
}

/** Agents call the functions from inside, where they cannot be replaced. */
function patchAgent(agent: unknown, traced: (options: Fields, telemetry?: unknown) => Fields): void {
  const prototype = (agent as { prototype?: Fields } | undefined)?.prototype;
  if (typeof prototype?.prepareCall === "function") {
    replaceMethod(
      agent,
      "prepareCall",
      (prepare) =>
        async function (this: unknown, ...of) {
          return traced((await prepare.apply(this, of)) as Fields);
        },
    );
    return;
  }
  for (const name of ["generate", "stream"]) {
    replaceMethod(
      agent,
      name,
      (call) =>
        function (this: unknown, options, ...of) {
          const { experimental_telemetry: own } = fields(fields(this).settings);
          return call.call(
            this,
            traced(options as Fields, fields(options).experimental_telemetry ?? own),
            ...of,
          );
        },
    );
  }
}

function named(original: object, replacement: Call): Call {
  for (const key of ["name", "length"] as const) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) Object.defineProperty(replacement, key, descriptor);
  }
  return replacement;
}

import { context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { replaceMethod } from "../models/replace-method.ts";
import { fields } from "../models/value.ts";
import { instrumentationOf } from "../module-patch.ts";
import type { Settings } from "../settings.ts";
import { CallbackHandler } from "./langchain/callback-handler.ts";
import { traceChatModel } from "./langchain/chat-model.ts";

/** What LangChain makes of the callbacks of a run. */
interface CallbackManager {
  readonly handlers: readonly object[];
  addHandler(handler: object, inherit: boolean): void;
}

type Configure = (this: unknown, ...of: unknown[]) => CallbackManager | undefined;

/**
 * LangChain and LangGraph: both tell callbacks what they run, so every run gets one of ours, and what runs inside
 * of a run runs in the context of its span.
 */
export const langchain: Library = {
  name: "langchain",
  instrumentation: (settings: Settings) => {
    const handler = new CallbackHandler(settings.content);
    const versions = [">=1.0.0 <2"];
    const module = "@langchain/core";
    return instrumentationOf("clew.langchain", [
      {
        module,
        versions,
        files: ["dist/callbacks/manager.js", "dist/callbacks/manager.cjs"],
        patch: ({ CallbackManager }) => addCallback(CallbackManager, handler),
      },
      {
        module,
        versions,
        files: [
          "dist/singletons/async_local_storage/index.js",
          "dist/singletons/async_local_storage/index.cjs",
        ],
        patch: ({ AsyncLocalStorageProviderSingleton: provider }) => enterContext(provider, handler),
      },
      {
        module,
        versions,
        files: ["dist/language_models/chat_models.js", "dist/language_models/chat_models.cjs"],
        patch: ({ BaseChatModel }) => traceChatModel(BaseChatModel, settings),
      },
    ]);
  },
};

const added = new WeakSet<object>();

function addCallback(manager: unknown, handler: CallbackHandler): void {
  const of = manager as { _configureSync?: Configure } & (new () => CallbackManager);
  const configure = of._configureSync;
  if (configure === undefined || added.has(of)) return;
  added.add(of);
  const configureTraced: Configure = function (...given) {
    const configured = configure.apply(this, given);
    return (
      attempt("clew.langchain", () => {
        const traced = configured ?? new of();
        if (!traced.handlers.includes(handler)) traced.addHandler(handler, true);
        return traced;
      }) ?? configured
    );
  };
  Object.defineProperty(of, "_configureSync", { value: configureTraced, writable: true, configurable: true });
}

/** The function in which LangChain runs what belongs to a run: the run is known by the callbacks of its config. */
function enterContext(provider: unknown, handler: CallbackHandler): void {
  replaceMethod(
    fields(provider).constructor,
    "runWithConfig",
    (run) =>
      function (this: unknown, config, ...of) {
        const { _parentRunId: id } = fields(fields(config).callbacks);
        const within = typeof id === "string" ? handler.contextOf(id) : undefined;
        const call = () => run.call(this, config, ...of);
        return within === undefined ? call() : context.with(within, call);
      },
  );
}

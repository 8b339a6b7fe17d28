import { type Context, context, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { attempt } from "../../attempt.ts";
import { fromJson } from "../../genai/message.ts";
import { type Operation, startOperation } from "../../genai/operation.ts";
import { startTool } from "../../genai/tool.ts";
import { type Fields, fields, listOf, textOf } from "../../models/value.ts";
import type { ContentLevel } from "../../settings.ts";
import { contentOf, messagesOf } from "./messages.ts";

/** A run that is under way; one that only carries others on has no span. */
interface Run {
  readonly operation?: Operation;
  readonly context: Context;
}

type RunId = string;

/** Runs of LangChain's own making, between those that somebody wrote. */
const INTERNAL =
  /^(RunnableSequence|RunnableMap|RunnableParallel|RunnableAssign|RunnablePassthrough|RunnableLambda|ChannelWrite|ChannelRead|Branch|Prompt|RunnableCallable|CallableToRunnable|LangGraph)/;

/** LangChain's callbacks, as spans of agents, the nodes of graphs, chains, tools and retrievers. */
export class CallbackHandler {
  readonly name = "clew";
  /** The span must have started when the run does. */
  readonly awaitHandlers = true;
  readonly raiseError = false;
  /** Models are traced where they are called. */
  readonly ignoreLLM = true;
  readonly ignoreChain = false;
  readonly ignoreAgent = false;
  readonly ignoreRetriever = false;
  readonly ignoreCustomEvent = true;
  readonly #level: ContentLevel;
  readonly #runs = new Map<RunId, Run>();

  constructor(level: ContentLevel) {
    this.#level = level;
  }

  /** The context in which what belongs to a run is to run. */
  contextOf(id: RunId): Context | undefined {
    return this.#runs.get(id)?.context;
  }

  handleChainStart(
    chain: unknown,
    inputs: unknown,
    id: RunId,
    parentId?: RunId,
    tags?: readonly string[],
    metadata?: Fields,
    type?: string,
    name?: string,
  ): void {
    this.#start(id, parentId, (parent, tracer) => {
      if (tags?.includes("langsmith:hidden") || type === "prompt" || type === "parser") return undefined;
      const path = listOf(fields(chain).id);
      const isGraph = path.includes("pregel");
      const title = name ?? String(path.at(-1) ?? "");
      if (isGraph) return this.#startAgent(tracer, parent, title, inputs);
      const node = textOf(fields(metadata).langgraph_node);
      const isNode = node !== undefined && node === title;
      if (!isNode && (INTERNAL.test(title) || title === "")) return undefined;
      return startOperation(tracer, this.#level, {
        operation: "chain",
        target: title,
        kind: SpanKind.INTERNAL,
        parent,
        attributes: isNode ? { "langgraph.node": title, "langgraph.step": stepOf(metadata) } : {},
      });
    });
  }

  #startAgent(tracer: Tracer, parent: Context, title: string, inputs: unknown): Operation {
    // What a graph is called that nobody gave a name.
    const name = title === "LangGraph" ? undefined : title;
    const operation = startOperation(tracer, this.#level, {
      operation: "invoke_agent",
      target: name,
      kind: SpanKind.INTERNAL,
      parent,
      attributes: { "gen_ai.agent.name": name },
    });
    operation.content("gen_ai.input.messages", () => messagesOf(fields(inputs).messages));
    return operation;
  }

  handleChainEnd(outputs: unknown, id: RunId): void {
    this.#end(id, (operation) => {
      operation.content("gen_ai.output.messages", () => messagesOf(fields(outputs).messages).slice(-1));
      operation.end();
    });
  }

  handleChainError(error: unknown, id: RunId): void {
    this.#end(id, (operation) => fail(operation, error));
  }

  handleToolStart(
    tool: unknown,
    input: string,
    id: RunId,
    parentId?: RunId,
    _tags?: unknown,
    _metadata?: unknown,
    name?: string,
    callId?: string,
  ): void {
    this.#start(id, parentId, (parent, tracer) =>
      context.with(parent, () =>
        startTool(tracer, this.#level, {
          name: name ?? textOf(fields(tool).name) ?? String(listOf(fields(tool).id).at(-1) ?? "tool"),
          id: callId,
          arguments: fromJson(input),
        }),
      ),
    );
  }

  handleToolEnd(output: unknown, id: RunId): void {
    this.#end(id, (operation) => {
      const { content, status, tool_call_id: callId } = fields(output);
      operation.set({ "gen_ai.tool.call.id": textOf(callId) });
      operation.content("gen_ai.tool.call.result", () => contentOf(content ?? output));
      if (status === "error") operation.failAs("tool_error");
      else operation.end();
    });
  }

  handleToolError(error: unknown, id: RunId): void {
    this.#end(id, (operation) => fail(operation, error));
  }

  handleRetrieverStart(
    retriever: unknown,
    _query: string,
    id: RunId,
    parentId?: RunId,
    _tags?: unknown,
    _metadata?: unknown,
    name?: string,
  ): void {
    this.#start(id, parentId, (parent, tracer) => {
      const source = name ?? textOf(listOf(fields(retriever).id).at(-1));
      return startOperation(tracer, this.#level, {
        operation: "retrieval",
        target: source,
        parent,
        attributes: { "gen_ai.data_source.id": source },
      });
    });
  }

  handleRetrieverEnd(documents: unknown, id: RunId): void {
    this.#end(id, (operation) => {
      operation.set({ "gen_ai.retrieval.documents.count": listOf(documents).length });
      operation.end();
    });
  }

  handleRetrieverError(error: unknown, id: RunId): void {
    this.#end(id, (operation) => fail(operation, error));
  }

  #start(
    id: RunId,
    parentId: RunId | undefined,
    start: (parent: Context, tracer: Tracer) => Operation | undefined,
  ): void {
    attempt("clew.langchain", () => {
      const parent = (parentId === undefined ? undefined : this.contextOf(parentId)) ?? context.active();
      const operation = start(parent, trace.getTracer("clew.langchain"));
      this.#runs.set(
        id,
        operation === undefined ? { context: parent } : { operation, context: operation.context },
      );
    });
  }

  #end(id: RunId, end: (operation: Operation) => void): void {
    attempt("clew.langchain", () => {
      const run = this.#runs.get(id);
      this.#runs.delete(id);
      if (run?.operation !== undefined) end(run.operation);
    });
  }
}

function stepOf(metadata: unknown): number | undefined {
  const { langgraph_step: step } = fields(metadata);
  return typeof step === "number" ? step : undefined;
}

/** A graph that waits for a person, or that hands over to another one, says so by throwing. */
function fail(operation: Operation, error: unknown): void {
  if (fields(error).is_bubble_up === true) operation.end();
  else operation.fail(error);
}

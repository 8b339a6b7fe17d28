import { context } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import type { Library } from "../library.ts";
import { markFailed, runIn } from "../messaging/message-spans.ts";
import { returnsEntries, startAdd, takeEntries } from "../messaging/stream-entries.ts";
import { instrumentationOf } from "../module-patch.ts";

interface Command {
  readonly name: string;
  readonly args: unknown[];
  resolve(value: unknown): unknown;
  reject(error: unknown): unknown;
  transformReply(value: unknown): unknown;
}

interface IoRedisPrototype {
  sendCommand(command: Command, ...rest: unknown[]): unknown;
}

interface Parser {
  readonly redisArgs: unknown[];
}

interface RedisPrototype {
  sendCommand(args: readonly unknown[], ...rest: unknown[]): Promise<unknown>;
  _executeCommand(command: unknown, parser: Parser, ...rest: unknown[]): Promise<unknown>;
}

interface MultiPrototype {
  addCommand(args: readonly unknown[], ...rest: unknown[]): unknown;
  exec(...args: unknown[]): Promise<unknown>;
  execAsPipeline(...args: unknown[]): Promise<unknown>;
}

const NAME = "redis-streams";

/**
 * Entries carry their context in a last field of their own. Agents that are traced never see it; for others that
 * read the stream it is one field more. Whoever cannot have that switches this library off.
 */
export const redisStreams: Library = {
  name: NAME,
  instrumentation: () =>
    instrumentationOf("clew.redis-streams", [
      { module: "ioredis", versions: [">=4 <7"], patch: patchIoRedis },
      {
        module: "@redis/client",
        versions: [">=5 <7"],
        files: ["dist/lib/client/index.js"],
        patch: (exports) => patchRedis((exports.default as { prototype: RedisPrototype }).prototype),
      },
      {
        module: "@redis/client",
        versions: [">=5 <7"],
        files: ["dist/lib/client/multi-command.js"],
        patch: (exports) => patchMulti((exports.default as { prototype: MultiPrototype }).prototype),
      },
    ]),
};

function patchIoRedis(exports: Record<string, unknown>): void {
  const { prototype } = (exports.Redis ?? exports.default ?? exports) as { prototype: IoRedisPrototype };
  const { sendCommand } = prototype;
  // A command comes again when the connection is there at last, or there again.
  const seen = new WeakSet<Command>();
  prototype.sendCommand = function (command, ...rest) {
    attempt(NAME, () => {
      if (typeof command?.name !== "string" || seen.has(command)) return;
      seen.add(command);
      if (/^xadd$/i.test(command.name)) addContext(command);
      else if (returnsEntries(command.name)) takeContexts(command);
    });
    return sendCommand.call(this, command, ...rest);
  };
}

function addContext(command: Command): void {
  const { started, extra } = startAdd(command.args);
  const { resolve, reject } = command;
  const { span } = started;
  command.args.push(...extra);
  command.resolve = (value) => {
    if (value instanceof Uint8Array) span.setAttribute("messaging.message.id", Buffer.from(value).toString());
    span.end();
    return resolve.call(command, value);
  };
  command.reject = (error) => {
    markFailed(span, error);
    span.end();
    return reject.call(command, error);
  };
}

function takeContexts(command: Command): void {
  const { transformReply, name, args } = command;
  const caller = context.active();
  command.transformReply = (value) => {
    const reply = transformReply.call(command, value);
    attempt(NAME, () => takeEntries(name, args, reply, caller));
    return reply;
  };
}

function patchRedis(prototype: RedisPrototype): void {
  const { sendCommand, _executeCommand: execute } = prototype;
  const seen = new WeakSet<readonly unknown[]>();
  const traced = (args: readonly unknown[], run: (args: readonly unknown[]) => Promise<unknown>) => {
    const name = String(args[0]);
    if (/^xadd$/i.test(name)) {
      const added = attempt(NAME, () => startAdd(args.slice(1)));
      if (added === undefined) return run(args);
      return runIn(added.started, () => run([...args, ...added.extra]));
    }
    if (!returnsEntries(name)) return run(args);
    const caller = context.active();
    return run(args).then((reply) => {
      attempt(NAME, () => takeEntries(name, args.slice(1), reply, caller));
      return reply;
    });
  };
  prototype._executeCommand = function (command, parser, ...rest) {
    const { redisArgs } = parser;
    seen.add(redisArgs);
    return traced(redisArgs, (args) => {
      redisArgs.push(...args.slice(redisArgs.length));
      return execute.call(this, command, parser, ...rest);
    });
  };
  prototype.sendCommand = function (args, ...rest) {
    const run = (changed: readonly unknown[]) => sendCommand.call(this, changed, ...rest);
    return seen.has(args) ? run(args) : traced(args, run);
  };
}

function patchMulti(prototype: MultiPrototype): void {
  const { addCommand, exec, execAsPipeline } = prototype;
  const readers = new WeakSet<MultiPrototype>();
  prototype.addCommand = function (args, ...rest) {
    const name = String(args[0]);
    if (returnsEntries(name)) readers.add(this);
    const added = attempt(NAME, () => (/^xadd$/i.test(name) ? startAdd(args.slice(1)) : undefined));
    added?.started.span.end();
    if (added === undefined) return addCommand.call(this, args, ...rest);
    const all = Object.assign([...args, ...added.extra], {
      preserve: (args as { preserve?: unknown }).preserve,
    });
    return addCommand.call(this, all, ...rest);
  };
  const stripped = async (multi: MultiPrototype, answer: Promise<unknown>): Promise<unknown> => {
    const replies = await answer;
    if (readers.has(multi)) attempt(NAME, () => takeEntries("exec", [], replies, context.active()));
    return replies;
  };
  prototype.exec = function (...args) {
    return stripped(this, exec.apply(this, args));
  };
  prototype.execAsPipeline = function (...args) {
    return stripped(this, execAsPipeline.apply(this, args));
  };
}

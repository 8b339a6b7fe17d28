import { registerTelemetry } from "./libraries/ai-sdk/registration.ts";
import { nodeConsole } from "./libraries/console.ts";
import { fastify } from "./libraries/fastify.ts";
import { undici } from "./libraries/undici.ts";
import { workerThreads } from "./libraries/worker-threads.ts";
import type { LazyLibrary, Library } from "./library.ts";

/**
 * Everything that is traced. What a lazy library patches is said here as its own code says it, which is not
 * evaluated for an agent that does not use the library; those that patch no module are made at the start.
 */
export const LIBRARIES: readonly (Library | LazyLibrary)[] = [
  {
    name: "http",
    scope: "@opentelemetry/instrumentation-http",
    modules: [
      { module: "https", versions: ["*"] },
      { module: "http", versions: ["*"] },
    ],
    load: () => require("./libraries/http.ts").http,
  },
  undici,
  {
    name: "express",
    scope: "@opentelemetry/instrumentation-express",
    modules: [{ module: "express", versions: [">=4.0.0 <6"] }],
    load: () => require("./libraries/express.ts").express,
  },
  fastify,
  {
    name: "hono",
    scope: "clew.hono",
    modules: [
      { module: "hono", versions: [">=4 <5"], files: ["dist/hono-base.js", "dist/cjs/hono-base.js"] },
    ],
    load: () => require("./libraries/hono.ts").hono,
  },
  {
    name: "koa",
    scope: "clew.koa",
    modules: [{ module: "koa", versions: [">=2 <4"] }],
    load: () => require("./libraries/koa.ts").koa,
  },
  {
    name: "@nestjs/core",
    scope: "clew.nestjs",
    modules: [
      {
        module: "@nestjs/core",
        versions: [">=9 <13"],
        files: ["exceptions/exceptions-handler.js", "router/router-execution-context.js"],
      },
    ],
    load: () => require("./libraries/nestjs.ts").nestjs,
  },
  {
    name: "mcp",
    scope: "clew.mcp",
    modules: [
      {
        module: "@modelcontextprotocol/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/esm/shared/protocol.js", "dist/cjs/shared/protocol.js", "dist/shared/protocol.js"],
      },
      { module: "@modelcontextprotocol/client", versions: [">=2.0.0 <3"] },
      { module: "@modelcontextprotocol/server", versions: [">=2.0.0 <3"] },
    ],
    load: () => require("./libraries/mcp.ts").mcp,
  },
  {
    name: "@grpc/grpc-js",
    scope: "clew.grpc",
    modules: [{ module: "@grpc/grpc-js", versions: [">=1.10 <2"] }],
    load: () => require("./libraries/grpc.ts").grpc,
  },
  {
    name: "kafkajs",
    scope: "clew.kafkajs",
    modules: [{ module: "kafkajs", versions: [">=1 <3"] }],
    load: () => require("./libraries/kafkajs.ts").kafkajs,
  },
  {
    name: "amqplib",
    scope: "clew.amqplib",
    modules: [
      { module: "amqplib", versions: [">=0.8 <3"], files: ["lib/channel_model.js", "lib/callback_model.js"] },
    ],
    load: () => require("./libraries/amqplib.ts").amqplib,
  },
  {
    name: "child_process",
    scope: "clew.child_process",
    modules: [
      { module: "child_process", versions: ["*"] },
      { module: "cluster", versions: ["*"] },
    ],
    load: () => require("./libraries/child-process.ts").childProcess,
  },
  workerThreads,
  {
    name: "piscina",
    scope: "clew.piscina",
    modules: [{ module: "piscina", versions: [">=4 <6"], files: ["dist/index.js"] }],
    load: () => require("./libraries/worker-pools.ts").piscina,
  },
  {
    name: "tinypool",
    scope: "clew.tinypool",
    modules: [{ module: "tinypool", versions: [">=1 <3"] }],
    load: () => require("./libraries/worker-pools.ts").tinypool,
  },
  {
    name: "openai",
    scope: "clew.openai",
    modules: [{ module: "openai", versions: [">=4.0.0 <8"] }],
    load: () => require("./libraries/openai.ts").openai,
  },
  {
    name: "bunyan",
    scope: "clew.bunyan",
    modules: [{ module: "bunyan", versions: [">=1 <3"] }],
    load: () => require("./libraries/bunyan.ts").bunyan,
  },
  nodeConsole,
  {
    name: "pino",
    scope: "clew.pino",
    modules: [
      { module: "pino", versions: [">=7 <11"], files: ["lib/symbols.js"] },
      { module: "pino", versions: [">=7 <11"], files: ["lib/proto.js"] },
    ],
    load: () => require("./libraries/pino.ts").pino,
  },
  {
    name: "winston",
    scope: "clew.winston",
    modules: [{ module: "winston", versions: [">=3.2 <4"], files: ["lib/winston/logger.js"] }],
    load: () => require("./libraries/winston.ts").winston,
  },
  {
    name: "nats",
    scope: "clew.nats",
    modules: [
      { module: "nats", versions: [">=2.7 <3"], files: ["lib/nats-base-client/headers.js"] },
      { module: "nats", versions: [">=2.7 <3"], files: ["lib/nats-base-client/protocol.js"] },
      { module: "nats", versions: [">=2.7 <3"], files: ["lib/nats-base-client/queued_iterator.js"] },
      { module: "@nats-io/nats-core", versions: [">=3 <4"], files: ["lib/headers.js"] },
      { module: "@nats-io/nats-core", versions: [">=3 <4"], files: ["lib/protocol.js"] },
      { module: "@nats-io/nats-core", versions: [">=3 <4"], files: ["lib/queued_iterator.js"] },
      { module: "nats", versions: [">=2.7 <3"], files: ["lib/jetstream/consumer.js"] },
      { module: "@nats-io/jetstream", versions: [">=3 <4"], files: ["lib/consumer.js"] },
    ],
    load: () => require("./libraries/nats.ts").nats,
  },
  {
    name: "bullmq",
    scope: "clew.bullmq",
    modules: [
      { module: "bullmq", versions: [">=5.25 <7"], files: ["dist/cjs/utils/index.js"] },
      { module: "bullmq", versions: [">=5.25 <7"], files: ["dist/cjs/classes/worker.js"] },
    ],
    load: () => require("./libraries/bullmq.ts").bullmq,
  },
  {
    name: "@anthropic-ai/sdk",
    scope: "clew.anthropic",
    modules: [
      {
        module: "@anthropic-ai/sdk",
        versions: [">=0.20.0 <2"],
        files: [
          "resources/messages/messages.js",
          "resources/messages/messages.mjs",
          "resources/beta/messages/messages.js",
          "resources/beta/messages/messages.mjs",
          ["core/streaming.js", ">=1 <2"],
          ["core/streaming.mjs", ">=1 <2"],
        ],
      },
    ],
    load: () => require("./libraries/anthropic.ts").anthropic,
  },
  {
    name: "ws",
    scope: "clew.ws",
    modules: [{ module: "ws", versions: [">=8 <9"] }],
    load: () => require("./libraries/ws.ts").ws,
  },
  {
    name: "socket.io",
    scope: "clew.socket.io",
    modules: [{ module: "socket.io", versions: [">=4 <5"] }],
    load: () => require("./libraries/socket-io.ts").socketIo,
  },
  {
    name: "pg",
    scope: "@opentelemetry/instrumentation-pg",
    modules: [
      { module: "pg", versions: [">=8.0.3 <9"], files: ["lib/client.js", "lib/native/client.js"] },
      { module: "pg-pool", versions: [">=2.0.0 <4"] },
    ],
    load: () => require("./libraries/pg.ts").pg,
  },
  {
    name: "mysql2",
    scope: "@opentelemetry/instrumentation-mysql2",
    modules: [
      { module: "mysql2", versions: [">=1.4.2 <4 >=3.0.0"], files: ["promise.js", "lib/connection.js"] },
    ],
    load: () => require("./libraries/mysql2.ts").mysql2,
  },
  {
    name: "mongodb",
    scope: "@opentelemetry/instrumentation-mongodb",
    modules: [
      { module: "mongodb", versions: [">=3.3.0 <4 >=4.0.0"], files: ["lib/core/wireprotocol/index.js"] },
      {
        module: "mongodb",
        versions: [">=4.0.0 <8 >=4.0.0"],
        files: [
          ["lib/cmap/connection.js", ">=4.0.0 <6.4 >=4.0.0"],
          ["lib/cmap/connection.js", ">=6.4.0 <8 >=4.0.0"],
          ["lib/cmap/connection_pool.js", ">=4.0.0 <6.4 >=4.0.0"],
          "lib/cmap/connect.js",
          "lib/sessions.js",
        ],
      },
    ],
    load: () => require("./libraries/mongodb.ts").mongodb,
  },
  {
    name: "ioredis",
    scope: "@opentelemetry/instrumentation-ioredis",
    modules: [{ module: "ioredis", versions: [">=2.0.0 <7 >=4.0.0"] }],
    load: () => require("./libraries/ioredis.ts").ioredis,
  },
  {
    name: "redis",
    scope: "@opentelemetry/instrumentation-redis",
    modules: [
      { module: "redis", versions: [">=2.6.0 <4 >=4.0.0"] },
      {
        module: "@redis/client",
        versions: ["^1.0.0", "^5.0.0", "^6.0.0"],
        files: [
          ["dist/lib/commander.js", "^1.0.0"],
          "dist/lib/client/multi-command.js",
          "dist/lib/client/index.js",
          "dist/lib/cluster/index.js",
          "dist/lib/cluster/multi-command.js",
        ],
      },
      {
        module: "@node-redis/client",
        versions: ["^1.0.0", "^5.0.0", "^6.0.0"],
        files: [
          ["dist/lib/commander.js", "^1.0.0"],
          "dist/lib/client/multi-command.js",
          "dist/lib/client/index.js",
          "dist/lib/cluster/index.js",
          "dist/lib/cluster/multi-command.js",
        ],
      },
    ],
    load: () => require("./libraries/redis.ts").redis,
  },
  {
    name: "@google/genai",
    scope: "clew.google-genai",
    modules: [{ module: "@google/genai", versions: [">=1.0.0 <4"] }],
    load: () => require("./libraries/google-genai.ts").googleGenAi,
  },
  {
    name: "@aws-sdk/client-sqs",
    scope: "clew.aws-sqs",
    modules: [{ module: "@aws-sdk/client-sqs", versions: [">=3 <4"] }],
    load: () => require("./libraries/aws-sqs.ts").awsSqs,
  },
  {
    name: "ai",
    scope: "clew.ai",
    modules: [
      { module: "ai", versions: [">=5.0.0 <7"] },
      { module: "ai", versions: [">=7.0.0 <8"] },
    ],
    load: () => require("./libraries/ai-sdk.ts").aiSdk,
    begin: (settings) => registerTelemetry(() => require("./libraries/ai-sdk.ts").aiSdkTelemetry(settings)),
  },
  {
    name: "redis-streams",
    scope: "clew.redis-streams",
    modules: [
      { module: "ioredis", versions: [">=4 <7"] },
      { module: "@redis/client", versions: [">=5 <7"], files: ["dist/lib/client/index.js"] },
      { module: "@redis/client", versions: [">=5 <7"], files: ["dist/lib/client/multi-command.js"] },
    ],
    load: () => require("./libraries/redis-streams.ts").redisStreams,
  },
  {
    name: "langchain",
    scope: "clew.langchain",
    modules: [
      {
        module: "@langchain/core",
        versions: [">=1.0.0 <2"],
        files: ["dist/callbacks/manager.js", "dist/callbacks/manager.cjs"],
      },
      {
        module: "@langchain/core",
        versions: [">=1.0.0 <2"],
        files: [
          "dist/singletons/async_local_storage/index.js",
          "dist/singletons/async_local_storage/index.cjs",
        ],
      },
      {
        module: "@langchain/core",
        versions: [">=1.0.0 <2"],
        files: ["dist/language_models/chat_models.js", "dist/language_models/chat_models.cjs"],
      },
    ],
    load: () => require("./libraries/langchain.ts").langchain,
  },
  {
    name: "a2a",
    scope: "clew.a2a",
    modules: [
      {
        module: "@a2a-js/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/client/index.js", "dist/client/index.cjs"],
      },
      {
        module: "@a2a-js/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/server/index.js", "dist/server/index.cjs"],
      },
    ],
    load: () => require("./libraries/a2a.ts").a2a,
  },
  {
    name: "openai-agents",
    scope: "clew.openai_agents",
    modules: [{ module: "@openai/agents-core", versions: [">=0.3.9 <1"] }],
    load: () => require("./libraries/openai-agents.ts").openaiAgents,
  },
];

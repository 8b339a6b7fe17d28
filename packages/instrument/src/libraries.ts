import { a2a } from "./libraries/a2a.ts";
import { aiSdk } from "./libraries/ai-sdk.ts";
import { amqplib } from "./libraries/amqplib.ts";
import { anthropic } from "./libraries/anthropic.ts";
import { awsSqs } from "./libraries/aws-sqs.ts";
import { bullmq } from "./libraries/bullmq.ts";
import { bunyan } from "./libraries/bunyan.ts";
import { childProcess } from "./libraries/child-process.ts";
import { nodeConsole } from "./libraries/console.ts";
import { express } from "./libraries/express.ts";
import { fastify } from "./libraries/fastify.ts";
import { googleGenAi } from "./libraries/google-genai.ts";
import { grpc } from "./libraries/grpc.ts";
import { hono } from "./libraries/hono.ts";
import { http } from "./libraries/http.ts";
import { ioredis } from "./libraries/ioredis.ts";
import { kafkajs } from "./libraries/kafkajs.ts";
import { koa } from "./libraries/koa.ts";
import { langchain } from "./libraries/langchain.ts";
import { mcp } from "./libraries/mcp.ts";
import { mongodb } from "./libraries/mongodb.ts";
import { mysql2 } from "./libraries/mysql2.ts";
import { nats } from "./libraries/nats.ts";
import { nestjs } from "./libraries/nestjs.ts";
import { openai } from "./libraries/openai.ts";
import { openaiAgents } from "./libraries/openai-agents.ts";
import { pg } from "./libraries/pg.ts";
import { pino } from "./libraries/pino.ts";
import { redis } from "./libraries/redis.ts";
import { redisStreams } from "./libraries/redis-streams.ts";
import { socketIo } from "./libraries/socket-io.ts";
import { undici } from "./libraries/undici.ts";
import { winston } from "./libraries/winston.ts";
import { workerThreads } from "./libraries/worker-threads.ts";
import { ws } from "./libraries/ws.ts";
import type { Library } from "./library.ts";

/** Everything that is traced. */
export const LIBRARIES: readonly Library[] = [
  http,
  undici,
  express,
  fastify,
  hono,
  koa,
  nestjs,
  mcp,
  grpc,
  kafkajs,
  amqplib,
  childProcess,
  workerThreads,
  openai,
  bunyan,
  nodeConsole,
  pino,
  winston,
  nats,
  bullmq,
  anthropic,
  ws,
  socketIo,
  pg,
  mysql2,
  mongodb,
  ioredis,
  redis,
  googleGenAi,
  awsSqs,
  aiSdk,
  redisStreams,
  langchain,
  a2a,
  openaiAgents,
];

import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MessageAttributes: Readonly<Record<string, { DataType: string; StringValue?: string }>>;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageAttributes?: Message["MessageAttributes"];
}

interface Request extends Entry {
  readonly QueueUrl: string;
  readonly Entries: readonly Entry[];
  readonly MessageAttributeNames?: readonly string[];
  readonly MaxNumberOfMessages?: number;
}

/** Speaks the JSON protocol of SQS, with one queue per URL and messages that are gone once received. */
export class SqsServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #queues = new Map<string, Message[]>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<SqsServer> {
    const server = createServer((request, response) => {
      sqs.#receive(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    const sqs = new SqsServer(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return sqs;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const action = String(request.headers["x-amz-target"]).replace("AmazonSQS.", "");
    const answer = this.#answer(action, JSON.parse(`${Buffer.concat(pieces)}`) as Request);
    const isError = "__type" in answer;
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": randomUUID() };
    response.writeHead(isError ? 400 : 200, headers).end(JSON.stringify(answer));
  }

  #answer(action: string, request: Request): object {
    const queue = this.#queues.get(request.QueueUrl) ?? [];
    this.#queues.set(request.QueueUrl, queue);
    const entries = action === "SendMessage" ? [request] : (request.Entries ?? []);
    if (entries.some(({ MessageAttributes: all = {} }) => Object.keys(all).length > 10)) {
      return { __type: "com.amazonaws.sqs#InvalidParameterValue", message: "Number of message attributes" };
    }
    const added = entries.map(messageOf);
    queue.push(...added);
    if (action === "SendMessage")
      return { MessageId: added[0]!.MessageId, MD5OfMessageBody: added[0]!.MD5OfBody };
    if (action === "SendMessageBatch") {
      const Successful = added.map(({ MessageId, MD5OfBody: MD5OfMessageBody }, index) => ({
        Id: entries[index]!.Id,
        MessageId,
        MD5OfMessageBody,
      }));
      return { Successful };
    }
    if (action !== "ReceiveMessage") return {};
    const taken = queue.splice(0, request.MaxNumberOfMessages ?? 1);
    return taken.length === 0 ? {} : { Messages: taken.map((each) => seenBy(each, request)) };
  }
}

function messageOf({ MessageBody: Body, MessageAttributes = {} }: Entry): Message {
  const MD5OfBody = createHash("md5").update(Body).digest("hex");
  return { MessageId: randomUUID(), ReceiptHandle: randomUUID(), Body, MD5OfBody, MessageAttributes };
}

function seenBy(message: Message, { MessageAttributeNames: names = [] }: Request): object {
  const { MessageAttributes: all, ...rest } = message;
  const isAll = names.includes("All") || names.includes(".*");
  const kept = Object.entries(all).filter(([name]) => isAll || names.includes(name));
  if (kept.length === 0) return rest;
  return { ...rest, MessageAttributes: Object.fromEntries(kept), MD5OfMessageAttributes: "0".repeat(32) };
}

import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

type Document = Record<string, unknown>;

interface Bson {
  serialize(document: Document): Uint8Array;
  deserialize(bytes: Uint8Array): Document;
}

/** MongoDB's own encoding, from the libraries that agents of tests use: it is nothing of ours. */
const bson = createRequire(new URL("../libraries/package.json", import.meta.url))("bson") as Bson;

const OP_QUERY = 2004;
const OP_REPLY = 1;
const OP_MSG = 2013;
const HEADER = 16;

/** Speaks the wire protocol of MongoDB 7, with `insert`, `find` by equality and `delete`, and forgets at its end. */
export class MongoServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #collections = new Map<string, Document[]>();

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<MongoServer> {
    const mongo = new MongoServer();
    await once(mongo.#server.listen(0, "127.0.0.1"), "listening");
    return mongo;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), "close");
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let buffered = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (piece: Buffer) => {
      buffered = Buffer.concat([buffered, piece]);
      while (buffered.length >= 4 && buffered.length >= buffered.readInt32LE(0)) {
        const length = buffered.readInt32LE(0);
        socket.write(this.#answer(buffered.subarray(0, length)));
        buffered = buffered.subarray(length);
      }
    });
  }

  #answer(message: Buffer): Buffer {
    const id = message.readInt32LE(4);
    if (message.readInt32LE(12) !== OP_QUERY)
      return framed(id, OP_MSG, [Buffer.alloc(5), this.#run(commandOf(message))]);
    const collectionEnd = message.indexOf(0, HEADER + 4);
    const command = bson.deserialize(message.subarray(collectionEnd + 9));
    const head = Buffer.alloc(20);
    head.writeInt32LE(1, 16);
    return framed(id, OP_REPLY, [head, this.#run(command)]);
  }

  #run(command: Document): Uint8Array {
    const [name = ""] = Object.keys(command);
    const collection = `${command.$db}.${command[name]}`;
    const stored = this.#collections.get(collection) ?? [];
    this.#collections.set(collection, stored);
    if (/^(hello|ismaster)$/i.test(name)) return bson.serialize(HELLO);
    if (name === "insert") {
      const documents = command.documents as Document[];
      stored.push(...documents);
      return bson.serialize({ ok: 1, n: documents.length });
    }
    if (name === "find") {
      const firstBatch = stored.filter((each) => fits(each, command.filter as Document));
      return bson.serialize({ ok: 1, cursor: { id: 0n, ns: collection, firstBatch } });
    }
    if (name === "delete") {
      const [{ q }] = command.deletes as [{ q: Document }];
      const kept = stored.filter((each) => !fits(each, q));
      this.#collections.set(collection, kept);
      return bson.serialize({ ok: 1, n: stored.length - kept.length });
    }
    if (name === "ping" || name === "endSessions") return bson.serialize({ ok: 1 });
    return bson.serialize({
      ok: 0,
      code: 59,
      codeName: "CommandNotFound",
      errmsg: `no such command: '${name}'`,
    });
  }
}

const HELLO = {
  ok: 1,
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
  logicalSessionTimeoutMinutes: 30,
};

function fits(document: Document, filter: Document = {}): boolean {
  return Object.entries(filter).every(([name, value]) => document[name] === value);
}

/** The body of a message, with the lists of documents that stand beside it. */
function commandOf(message: Buffer): Document {
  const command: Document = {};
  let at = HEADER + 4;
  while (at < message.length) {
    const kind = message[at++];
    const end = at + message.readInt32LE(at);
    if (kind === 0) {
      Object.assign(command, bson.deserialize(message.subarray(at, end)));
    } else {
      const nameEnd = message.indexOf(0, at + 4);
      const documents: Document[] = [];
      for (let next = nameEnd + 1; next < end; next += message.readInt32LE(next)) {
        documents.push(bson.deserialize(message.subarray(next, next + message.readInt32LE(next))));
      }
      command[message.toString("utf8", at + 4, nameEnd)] = documents;
    }
    at = end;
  }
  return command;
}

function framed(responseTo: number, opcode: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(HEADER);
  head.writeInt32LE(HEADER + body.length, 0);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(opcode, 12);
  return Buffer.concat([head, body]);
}

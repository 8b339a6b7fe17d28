import { Agent, request } from "node:http";
import { type Answer, failure, readSuccess, type Sender } from "./sender.ts";
import type { TemplateBody } from "./template.ts";

/** OTLP/HTTP with protobuf bodies; a connection carries one request at a time. */
export class HttpSender implements Sender {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, connections: number) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  send(body: TemplateBody, done: (answer: Answer) => void): void {
    const headers = {
      "content-type": "application/x-protobuf",
      "content-length": body.protobuf.length,
      "user-agent": "clew-bench",
    };
    const options = { host: "127.0.0.1", port: this.#port, method: "POST", path: "/v1/traces", headers };
    const sent = request({ ...options, agent: this.#agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", (error) => done(failure(error.message)));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        if (response.statusCode === 200) done(readSuccess(bytes));
        else done(failure(`HTTP ${response.statusCode}`));
      });
    });
    let failed = false;
    sent.on("error", (error) => {
      if (!failed) done(failure(error.message));
      failed = true;
    });
    sent.end(body.protobuf);
  }

  close(): void {
    this.#agent.destroy();
  }
}

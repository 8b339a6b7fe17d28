/**
 * `node server.js PLAY`: a model provider that needs no network, no key and no luck. It speaks OpenAI's chat
 * completions and responses and Anthropic's messages, at once and as a stream. What it says comes from PLAY, a module
 * with `answer({ model, system, turns, tools })`: turns are `{ role, text }` with the roles user, assistant and tool;
 * the answer is `{ text }` or `{ calls: [{ name, arguments }] }`. The same request gets the same answer.
 */
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as messages from "./anthropic-messages.js";
import * as chat from "./openai-chat.js";
import * as responses from "./openai-responses.js";

const PROTOCOLS = {
  "/v1/chat/completions": chat,
  "/v1/responses": responses,
  "/v1/messages": messages,
};
const FIRST_TOKEN_MS = 40;
const TOKEN_MS = 2;

const play = await import(pathToFileURL(process.argv[2]).href);

const server = createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const protocol = PROTOCOLS[new URL(request.url, "http://model").pathname];
  if (protocol === undefined) {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { type: "invalid_request_error", message: "there is no such path" } }),
    );
    return;
  }
  const body = JSON.parse(Buffer.concat(pieces).toString());
  const said = await play.answer(protocol.read(body));
  await sleep(FIRST_TOKEN_MS);
  if (body.stream !== true) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(protocol.whole(body, said)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const { event, data } of protocol.events(body, said)) {
    if (event !== undefined) response.write(`event: ${event}\n`);
    response.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
    await sleep(TOKEN_MS);
  }
  response.end();
});

server.listen(Number(process.env.LISTEN_PORT ?? 0), "127.0.0.1", () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});

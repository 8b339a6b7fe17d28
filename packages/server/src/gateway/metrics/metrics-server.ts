import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { GatewayMetrics } from "./gateway-metrics.ts";

/**
 * `GET /metrics` and `GET /healthz` on a port of their own, so that no path of an upstream is hidden by them and none
 * of them is reached through a route. Rejects where the port can't be had.
 */
export async function startMetricsServer(
  address: { readonly host: string; readonly port: number },
  metrics: GatewayMetrics,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0];
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else if (path === "/metrics") {
      response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
      response.end(metrics.text());
    } else if (path === "/healthz") {
      response.setHeader("content-type", "text/plain; charset=utf-8");
      response.end("ok\n");
    } else {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
      response.end("There is /metrics and /healthz here.\n");
    }
  });
  server.listen(address.port, address.host);
  await once(server, "listening");
  return server;
}

import { serve } from "@hono/node-server";

/** Serves an application on `LISTEN_PORT`, or a free port, of this machine until SIGTERM, and prints where. */
export function listen(app) {
  const server = serve(
    { fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.LISTEN_PORT ?? 0) },
    ({ port }) => console.log(`http://127.0.0.1:${port}`),
  );
  process.once("SIGTERM", () => {
    server.close();
    server.closeAllConnections();
  });
}

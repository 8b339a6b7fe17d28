import type { Store } from "../../store/store.ts";

export function composeApi(store: Store): (request: Request) => Response {
  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return new Response("ok\n");
    if (pathname === "/readyz") return new Response("", { status: store.state === "ready" ? 200 : 503 });
    return new Response("", { status: 404 });
  };
}

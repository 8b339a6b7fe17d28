import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ApiError, ServerUnreachable } from "./api-error.ts";
import { ApiClient } from "./client.ts";
import { queryString } from "./requests.ts";
import { pathOf } from "./routes.ts";

interface Asked {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
}

/** Runs `use` against a server that gives one answer to everything. */
async function withServer(
  status: number,
  body: string,
  use: (url: string, asked: Asked[]) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("values in paths and queries are encoded", () => {
  assert.equal(pathOf("span", { trace: "last", span: "a/b" }), "/api/v1/traces/last/spans/a%2Fb");
  assert.equal(pathOf("session", { session: "s 1/ü?" }), "/api/v1/sessions/s%201%2F%C3%BC%3F");
  assert.equal(queryString({}), "");
  const request = {
    service: ["a", "b"],
    attributes: { "k=1": ["x&y", "z"], n: "" },
    limit: 5,
    from: "now-1h",
  };
  assert.equal(
    queryString(request),
    "?service=a&service=b&attr.k%3D1=x%26y&attr.k%3D1=z&attr.n=&limit=5&from=now-1h",
  );
  assert.equal(queryString({ traces: ["last"], format: "jsonl" }), "?trace=last&format=jsonl");
});

test("a path of the base URL is kept, and the token is sent", async () => {
  await withServer(200, "{}", async (url, asked) => {
    await new ApiClient({ baseUrl: `${url}/clew/`, token: "secret" }).setup();
    assert.deepEqual(asked, [{ url: "/clew/api/v1/setup", authorization: "Bearer secret" }]);
  });
});

test("the server's error is thrown with all it says", async () => {
  const body = {
    error: {
      code: "trace_ambiguous",
      message: "Several",
      hint: "More",
      candidates: ["a", "b"],
      position: { offset: 1, length: 2 },
      requestId: "r",
    },
  };
  await withServer(409, JSON.stringify(body), async (url) => {
    await assert.rejects(new ApiClient({ baseUrl: url }).trace("ab"), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        { ...error },
        {
          name: "ApiError",
          status: 409,
          code: "trace_ambiguous",
          hint: "More",
          candidates: ["a", "b"],
          position: { offset: 1, length: 2 },
          requestId: "r",
        },
      );
      assert.equal(error.message, "Several");
      return true;
    });
  });
});

test("an answer that is not the API's own keeps its status", async () => {
  for (const body of ["<html>Bad gateway</html>", "{}", "null", '{"error":"text"}']) {
    await withServer(502, body, async (url) => {
      await assert.rejects(new ApiClient({ baseUrl: url }).status(), (error) => {
        assert.ok(error instanceof ApiError);
        assert.equal(error.status, 502);
        assert.equal(error.code, "unexpected_answer");
        return true;
      });
    });
  }
});

test("a success that is no JSON is not taken for an answer", async () => {
  await withServer(200, "<html>Somebody else</html>", async (url) => {
    await assert.rejects(new ApiClient({ baseUrl: url }).setup(), {
      name: "ApiError",
      code: "unexpected_answer",
    });
  });
});

test("nothing that listens is told from a refusal, and abortion from both", async () => {
  let gone = "";
  await withServer(200, "{}", async (url) => {
    gone = url;
  });
  const client = new ApiClient({ baseUrl: gone });
  await assert.rejects(client.setup(), ServerUnreachable);
  assert.equal(await client.ready(), false);
  const reason = new Error("enough");
  await assert.rejects(client.setup({ signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(client.ready({ signal: AbortSignal.abort(reason) }), reason);
});

test("an export that is begun later is still there after a garbage collection", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const text = "x".repeat(1_000_000);
  await withServer(200, text, async (url) => {
    const body = await new ApiClient({ baseUrl: url }).export("traces");
    for (let times = 0; times < 3; times += 1) {
      collectGarbage();
      await sleep(20);
    }
    assert.equal(await new Response(body).text(), text);
  });
});

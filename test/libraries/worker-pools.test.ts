import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../harness/agent-process.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

const POOLS = {
  "piscina 5": { name: "piscina", Pool: "Piscina", versions: {} },
  "piscina 4": { name: "piscina", Pool: "Piscina", versions: { piscina: "piscina-4" } },
  "tinypool 2": { name: "tinypool", Pool: "Tinypool", versions: {} },
  "tinypool 1": { name: "tinypool", Pool: "Tinypool", versions: { tinypool: "tinypool-1" } },
} as const;

/** A task asks the server; one that is moved to its worker is text. */
const TASK = `
module.exports = async (task) => {
  const { url, number, bytes } = task instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(task)) : task;
  await (await fetch(url + "/task" + number)).text();
  return [number, bytes?.byteLength];
};`;

/** Twenty tasks wait for two workers, the first of which was made for a task of its own. */
const BODY = `
fs.writeFileSync("task.cjs", ${JSON.stringify(TASK)});
const pool = new Pool({ filename: path.resolve("task.cjs"), minThreads: 0, maxThreads: 2, ...MODE });
const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/ask")) await give(Number(request.url.slice(4)));
  response.end();
});
let url;
async function give(number) {
  const task = { url, number };
  if (number % 3 === 0) return check(await pool.run(task), number, undefined);
  if (number % 3 === 1) {
    const bytes = new ArrayBuffer(8);
    const options = Object.freeze({ transferList: Object.freeze([bytes]) });
    return check([...await pool.run({ ...task, bytes }, options), bytes.byteLength], number, 8, 0);
  }
  const moved = new Uint8Array(Buffer.from(JSON.stringify(task)));
  return check([...await pool.run(move(moved)), moved.byteLength], number, undefined, 0);
}
function check(result, ...expected) {
  if (expected.some((value, index) => result[index] !== value)) console.log("wrong", result, expected);
}
server.listen(0, "127.0.0.1", async () => {
  url = "http://127.0.0.1:" + server.address().port;
  const ask = async (number) => {
    const baggage = "session.id=s" + number + (number === 0 ? ",user.id=u0" : "");
    return (await fetch(url + "/ask" + number, { headers: { baggage } })).text();
  };
  await ask(0);
  await Promise.all(Array.from({ length: 20 }, (_, number) => ask(number + 1)));
  await give(100);
  await pool.destroy();
  server.close();
  server.closeAllConnections();
});
`;

interface AgentOfPool {
  readonly kind: "esm" | "cjs";
  readonly name: string;
  readonly Pool: string;
  /** Whether idle workers sleep in `Atomics.wait` or listen. */
  readonly sleeps: boolean;
}

function source({ kind, name, Pool, sleeps }: AgentOfPool): string {
  const mode = name === "piscina" ? { atomics: sleeps ? "sync" : "disabled" } : { useAtomics: sleeps };
  const heads = Object.entries({ http: "node:http", fs: "node:fs", path: "node:path", pool: name }).map(
    ([as, from]) => {
      const star = as === "pool" ? "* as pool_" : as;
      return kind === "esm"
        ? `import ${star} from "${from}";`
        : `const ${star.split(" ").at(-1)} = require("${from}");`;
    },
  );
  const given = `const { ${Pool}: Pool } = pool_; const move = pool_.move ?? Pool.move; const MODE = ${JSON.stringify(mode)};`;
  return heads.join("\n") + given + BODY;
}

const isFor = (path: string) => (span: ReceivedSpan) =>
  span.kind === 2 && span.attributes["url.path"] === path;

for (const [pool, { name, Pool, versions }] of Object.entries(POOLS)) {
  for (const kind of ["esm", "cjs"] as const) {
    for (const sleeps of [true, false]) {
      const how = sleeps ? "workers that sleep" : "workers that listen";
      test(`a task of ${pool} runs in the trace in which it was given, ${how}, ${kind}`, async () => {
        const env = { OTEL_SERVICE_NAME: "" };
        const options = { kind, versions, source: source({ kind, name, Pool, sleeps }), env };
        const { spans, stdout, stderr, code } = await runAgent(options);
        assert.deepEqual([code, stderr, stdout], [0, "", ""]);
        assert.equal(new Set(spans.map(({ service }) => service)).size, 1, "a pool is no service");
        for (let number = 0; number <= 20; number++) {
          const asked = spans.find(isFor(`/ask${number}`));
          const called = spans.find(isFor(`/task${number}`));
          const fetching = spans.find(({ spanId }) => spanId === called?.parentSpanId);
          assert.ok(asked !== undefined && fetching !== undefined, `task ${number}`);
          assert.equal(fetching.parentSpanId, asked.spanId, `task ${number}`);
          assert.equal(fetching.attributes["session.id"], `s${number}`);
          assert.equal(fetching.attributes["user.id"], number === 0 ? "u0" : undefined, `task ${number}`);
        }
        const called = spans.find(isFor("/task100"));
        const alone = spans.find(({ spanId }) => spanId === called?.parentSpanId);
        assert.equal(alone?.parentSpanId ?? "", "", "a task of no trace is in none");
        assert.deepEqual(
          [alone?.attributes["session.id"], alone?.attributes["user.id"]],
          [undefined, undefined],
        );
      });
    }
  }
}

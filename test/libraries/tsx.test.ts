import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { writeAgent } from "../harness/agent-process.ts";
import { OtlpCollector } from "../harness/otlp-collector.ts";
import { PRELOAD } from "../harness/preloaded-process.ts";

const AGENT = `
import { createServer, type Server } from "node:http";
enum Answer { Right = 42 }
const server: Server = createServer((request, response) => response.end(String(Answer.Right)));
server.listen(0, "127.0.0.1", async () => {
  console.log(await (await fetch("http://127.0.0.1:" + (server.address() as { port: number }).port)).text());
  server.close();
});`;

for (const command of [["tsx"], ["npx", "--no", "tsx"], ["node", "--import", "tsx"]]) {
  for (const extension of ["mts", "cts"]) {
    test(`an agent that ${command.join(" ")} runs is traced as one process, ${extension}`, async () => {
      using file = await writeAgent({ kind: "esm", source: AGENT });
      const path = file.path.replace(/mjs$/, extension);
      renameSync(file.path, path);
      await using collector = await OtlpCollector.start();
      const own = Object.entries(process.env).filter(([name]) => !/^(CLEW|OTEL|NODE)_/.test(name));
      const env = {
        ...Object.fromEntries(own),
        PATH: `${join(dirname(path), "../node_modules/.bin")}:${process.env.PATH}`,
        NODE_OPTIONS: `--import ${PRELOAD}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      };
      const [program = "", ...args] = command;
      const { stdout } = await promisify(execFile)(program, [...args, path], { cwd: dirname(path), env });
      assert.equal(stdout, "42\n");
      assert.deepEqual(collector.spans.map(({ kind }) => kind).toSorted(), [2, 3]);
      assert.equal(new Set(collector.spans.map(({ traceId }) => traceId)).size, 1);
    });
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AgentRun, runAgent } from "../harness/agent-process.ts";
import { childrenOf, contentOf, spanNamed } from "../harness/genai-spans.ts";
import { startGeminiServer } from "../harness/model-servers/gemini-server.ts";
import type { ReceivedSpan } from "../harness/otlp-collector.ts";

const HEADS = {
  esm: `import { GoogleGenAI } from "@google/genai";\nimport { trace } from "@opentelemetry/api";\n`,
  cjs: `const { GoogleGenAI } = require("@google/genai");\nconst { trace } = require("@opentelemetry/api");\n`,
};

const AGENT = `
const ai = new GoogleGenAI({ apiKey: "x", httpOptions: { baseUrl: process.env.GEMINI_URL } });
const say = (...of) => console.log(JSON.stringify(of));
const tracer = trace.getTracer("test");
const inSpan = (name, call) => tracer.startActiveSpan(name, async (span) => { try { return await call(); } finally { span.end(); } });
class Weather {
  #calls = 0;
  constructor(name, result) { this.name = name; this.result = result; }
  async tool() {
    return { functionDeclarations: [{ name: this.name, description: "Tells", parametersJsonSchema: { type: "object", properties: {} } }] };
  }
  async callTool(calls) {
    const own = calls.filter(({ name }) => name === this.name);
    for (const call of own) {
      this.#calls++;
      await inSpan("work of " + this.name, () => {});
      if (this.result === undefined) throw new RangeError("no weather");
    }
    return own.map(({ id, name }) => ({ functionResponse: { id, name, response: { result: this.result } } }));
  }
  get calls() { return this.#calls; }
}
async function main() {
  const weather = new Weather("weather", 7);
  const tide = new Weather("tide", 8);
  const params = { model: "whole", contents: "Hi", config: { tools: [weather, tide] } };
  const answer = await inSpan("whole caller", () => ai.models.generateContent(params));
  say(answer.text, answer.automaticFunctionCallingHistory.length, weather.calls, tide.calls, params.config.tools[0] === weather);
  const streamed = { model: "streamed", contents: "Hi", config: { tools: [weather] } };
  const stream = await inSpan("stream caller", () => ai.models.generateContentStream(streamed));
  let text = "";
  await inSpan("reader", async () => { for await (const piece of stream) text += piece.text ?? ""; });
  say(text, Array.isArray(streamed.contents), weather.calls);
  const left = await ai.models.generateContentStream(Object.freeze({ model: "left", contents: "Hi", config: Object.freeze({ tools: [weather] }) }));
  for await (const piece of left) break;
  await ai.models.generateContent({ model: "failing", contents: "Hi", config: { tools: [new Weather("weather")] } }).catch((error) => say(error.name, error.message));
  const off = { tools: [weather], automaticFunctionCalling: { disable: true } };
  say((await ai.models.generateContent({ model: "by-hand", contents: "Hi", config: off })).functionCalls[0].name);
  say(Object.keys(ai.models).includes("generateContent"), typeof ai.models.generateContent, weather.calls);
}
main();
`;

function namesBelow(run: AgentRun, parent: ReceivedSpan): (string | undefined)[] {
  return childrenOf(run, parent).map(({ name }) => name);
}

/** The loop whose requests name this model. */
function loopOf(run: AgentRun, model: string): ReceivedSpan {
  const loops = run.spans.filter(
    ({ name, attributes }) => name === "invoke_agent" && attributes["gen_ai.request.model"] === model,
  );
  assert.equal(loops.length, 1, model);
  return loops[0]!;
}

for (const version of [1, 2, 3]) {
  for (const kind of ["esm", "cjs"] as const) {
    test(`a loop of @google/genai ${version} that calls functions is one tree, ${kind}`, async () => {
      await using server = await startGeminiServer();
      const versions: Record<string, string> =
        version === 3 ? {} : { "@google/genai": `google-genai-${version}` };
      const env = { GEMINI_URL: server.url, CLEW_CONTENT: "full" };
      const options = { kind, versions, source: HEADS[kind] + AGENT };
      const run = await runAgent({ ...options, env });
      const plain = await runAgent({ ...options, env: { ...env, CLEW_DISABLED_LIBRARIES: "@google/genai" } });
      const seen = ({ code, stdout, stderr }: AgentRun) => ({ code, stdout, stderr });
      assert.deepEqual(seen(run), seen(plain), "the agent sees what it sees without us");
      assert.match(run.stdout, /^\["Hello, world!",\d,1,0,true\]\n/);

      const whole = loopOf(run, "whole");
      assert.deepEqual(childrenOf(run, spanNamed(run, "whole caller")), [whole]);
      const steps = ["execute_tool weather", "generate_content whole", "generate_content whole"];
      assert.deepEqual(namesBelow(run, whole).toSorted(), steps);
      assert.deepEqual(contentOf(whole, "gen_ai.input.messages"), [
        { role: "user", parts: [{ type: "text", content: "Hi" }] },
      ]);
      const said = contentOf(whole, "gen_ai.output.messages") as [{ role: string; parts: object[] }];
      assert.deepEqual(said[0].parts.at(-1), { type: "text", content: ", world!" });
      const [tool] = childrenOf(run, whole).filter(({ name }) => name === "execute_tool weather");
      assert.deepEqual(namesBelow(run, tool!), ["work of weather"]);
      assert.equal(tool?.attributes["gen_ai.tool.call.id"], "call_1");
      assert.deepEqual(contentOf(tool!, "gen_ai.tool.call.arguments"), { city: "Bern" });
      assert.deepEqual(contentOf(tool!, "gen_ai.tool.call.result"), { result: 7 });

      const streamed = loopOf(run, "streamed");
      assert.deepEqual(childrenOf(run, spanNamed(run, "stream caller")), [streamed]);
      assert.deepEqual(namesBelow(run, streamed).toSorted(), [
        "execute_tool weather",
        "generate_content streamed",
        "generate_content streamed",
      ]);
      assert.deepEqual(childrenOf(run, spanNamed(run, "reader")), []);

      assert.equal(loopOf(run, "left").attributes["clew.cancelled"], true);
      const failing = loopOf(run, "failing");
      const [failed] = childrenOf(run, failing).filter(({ name }) => name === "execute_tool weather");
      for (const { status, attributes } of [failing, failed!]) {
        assert.deepEqual(
          [status?.code, attributes["error.type"]],
          [2, "RangeError"],
          JSON.stringify(attributes),
        );
      }
      assert.equal(spanNamed(run, "generate_content by-hand").parentSpanId ?? "", "");
    });
  }
}

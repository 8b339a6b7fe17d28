import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "../../config/config-error.ts";
import { loadConfig } from "../../config/load-config.ts";
import type { GatewayConfig } from "./gateway-config.ts";
import { readGatewayConfig } from "./read-gateway-config.ts";

const folder = mkdtempSync(join(tmpdir(), "clew-gateway-config-"));
after(() => rmSync(folder, { recursive: true }));

const CLEW = [{ url: "http://127.0.0.1:4318", headers: {}, gzip: undefined, timeoutMs: undefined }];

/** `yaml` is the section, indented by two. */
function read(yaml: string, env: Record<string, string> = {}): GatewayConfig {
  writeFileSync(join(folder, "clew.yaml"), `gateway:\n${yaml}`);
  const { gateway: section } = loadConfig({ flags: {}, env: { HOME: folder, ...env }, cwd: folder });
  return readGatewayConfig({ section, env, cwd: folder, exporters: CLEW });
}

function problems(yaml: string, env: Record<string, string> = {}): readonly string[] {
  try {
    read(yaml, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return assert.fail("the configuration was accepted");
}

test("without a configuration there is a listener on loopback before all known providers", () => {
  const config = readGatewayConfig({ section: undefined, env: {}, cwd: folder, exporters: CLEW });
  assert.deepEqual(
    config.listeners.map(({ host, port, token }) => [host, port, token]),
    [["127.0.0.1", 4320, undefined]],
  );
  assert.equal(config.upstreams.get("openai")?.url.href, "https://api.openai.com/");
  assert.equal(config.upstreams.get("anthropic")?.headers.size, 0);
  assert.equal(config.tracing.randomSampling, 100);
  assert.deepEqual(config.tracing.exporters, CLEW);
});

for (const [given, shown] of [
  ["101", "101"],
  ["-1", "-1"],
  ["all", '"all"'],
  ["''", '""'],
  ["100.5", "100.5"],
]) {
  test(`random_sampling ${given} is refused with its path, its value and what is allowed`, () => {
    assert.deepEqual(problems(`  tracing:\n    random_sampling: ${given}\n`), [
      `clew.yaml:3: gateway.tracing.random_sampling is ${shown}, which is not allowed; ` +
        "it must be a number from 0 to 100",
    ]);
  });
}

test("random_sampling takes both ends and fractions", () => {
  for (const percent of [0, 0.1, 50, 100]) {
    const { tracing } = read(`  tracing:\n    random_sampling: ${percent}\n`);
    assert.equal(tracing.randomSampling, percent);
  }
});

test("an unknown key is told with the nearest known one, at any depth", () => {
  assert.deepEqual(problems("  listners: []\n  tracing:\n    span_atributes: {}\n"), [
    "clew.yaml:2: unknown setting gateway.listners; did you mean listeners?",
    "clew.yaml:4: unknown setting gateway.tracing.span_atributes; did you mean span_attributes?",
  ]);
  assert.deepEqual(problems("  upstreams:\n    a: { url: http://a, retrys: 1 }\n"), [
    "clew.yaml:3: unknown setting gateway.upstreams.a.retrys; did you mean retries?",
  ]);
});

test("all problems are told at once", () => {
  const found = problems(`
  listeners:
    - port: 70000
    - port: 80
      host: 0.0.0.0
  upstreams:
    a: { kind: agnt }
  routes:
    - to: b
      path: v1
    - to: [{ upstream: a, weight: 0 }]
    - path: /x
  limits: 5
`);
  assert.deepEqual(
    found.map((line) => line.replace(/^clew.yaml:\d+: gateway\./, "").split(" ")[0]),
    [
      "listeners[0].port",
      "listeners[1].host",
      "upstreams.a.kind",
      "upstreams.a.url",
      "routes[0].path",
      "routes[0].to",
      "routes[1].to",
      "routes[2].to",
      "limits",
    ],
  );
});

test("secrets come from the environment, and are in no message", () => {
  const yaml = "  upstreams:\n    openai: { api_key: '$\u007bKEY}' }\n";
  const { upstreams } = read(yaml, { KEY: "sk-1" });
  assert.equal(upstreams.get("openai")?.headers.get("authorization"), "Bearer sk-1");
  assert.deepEqual(problems(yaml), [
    "clew.yaml:3: gateway.upstreams.openai.api_key names the variable KEY, which is not set",
  ]);
  assert.doesNotMatch(problems(yaml, { KEY: "sk-1\nx: y" }).join(), /sk-1/);
  assert.doesNotMatch(problems("  listeners:\n    - token: short\n").join(), /"short"/);
  assert.doesNotMatch(problems("  tracing:\n    exporters: ['ftp://user:pass@host']\n").join(), /pass@/);
});

test("what other machines can reach needs a token, or has to be called insecure", () => {
  const yaml = "  listeners:\n    - host: 0.0.0.0\n";
  assert.match(problems(yaml).join(), /no token: set CLEW_GATEWAY_TOKEN/);
  assert.equal(read(yaml, { CLEW_GATEWAY_TOKEN: "0123456789" }).listeners[0]?.token, "0123456789");
  assert.equal(read(`${yaml}      insecure: true\n`).listeners[0]?.token, undefined);
});

test("a certificate that can't be used is told", () => {
  assert.match(
    problems("  listeners:\n    - tls: { cert: none.pem, key: none.pem }\n").join(),
    /clew\.yaml:3: gateway\.listeners\[0\]\.tls can't be used: ENOENT/,
  );
});

test("routes of the file come first, then those by name, by model and by path", () => {
  const { routes } = read(`
  upstreams:
    openai: {}
    orders: { kind: agent, url: http://orders }
  routes:
    - { path: /v1/, model: gpt-*, headers: { X-Team: blue* }, to: [openai] }
`);
  assert.deepEqual(
    routes.map(({ path, models, stripPath }) => [path, models?.[0], stripPath]),
    [
      ["/v1", "gpt-*", false],
      ["/openai", undefined, true],
      ["/orders", undefined, true],
      ["/agents/orders", undefined, true],
      ["/", "gpt-*", false],
      ["/v1", undefined, false],
    ],
  );
  assert.deepEqual([...(routes[0]?.headers ?? [])], [["x-team", "blue*"]]);
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigError } from "./config-error.ts";
import { type ConfigInput, isLoopback, loadConfig } from "./load-config.ts";

const root = mkdtempSync(join(tmpdir(), "clew-config-"));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function folder(yaml?: string): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  if (yaml !== undefined) writeFileSync(join(path, "clew.yaml"), yaml);
  return path;
}

function load(input: Partial<ConfigInput> & { yaml?: string } = {}) {
  const cwd = input.cwd ?? folder(input.yaml);
  return loadConfig({ flags: input.flags ?? {}, env: { HOME: "/home/ada", ...input.env }, cwd });
}

function problems(input: Partial<ConfigInput> & { yaml?: string }): readonly string[] {
  try {
    load(input);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return assert.fail("the configuration was accepted");
}

test("without any configuration the server listens on loopback and keeps data in the XDG data home", () => {
  const { config, file } = load();
  assert.equal(file, undefined);
  assert.equal(config.host, "127.0.0.1");
  assert.deepEqual([config.grpcPort, config.httpPort, config.apiPort], [4317, 4318, 4319]);
  assert.equal(config.dataDir, "/home/ada/.local/share/clew");
  assert.equal(config.store, "embedded");
  assert.equal(config.maxBodyBytes, 64 * 1024 * 1024);
  assert.equal(config.maxLogBytes, 2 * 1024 ** 3);
  assert.equal(config.token, undefined);
  assert.equal(load({ env: { XDG_DATA_HOME: "/data" } }).config.dataDir, "/data/clew");
  assert.equal(load({ env: { XDG_DATA_HOME: "data" } }).config.dataDir, "/home/ada/.local/share/clew");
});

test("the environment wins over the file, and a flag over both", () => {
  const yaml = "apiPort: 1\nhttpPort: 11\ngrpcPort: 21\nretention:\n  days: 7\n";
  const { config } = load({
    yaml,
    env: { CLEW_API_PORT: "2", CLEW_HTTP_PORT: "12" },
    flags: { apiPort: "3" },
  });
  assert.deepEqual([config.apiPort, config.httpPort, config.grpcPort, config.retention.days], [3, 12, 21, 7]);
});

test("one field of a group can come from elsewhere than another", () => {
  const yaml = "retention:\n  days: 7\n";
  const { config } = load({ yaml, env: { CLEW_RETENTION_MAX_BYTES: "1GiB" } });
  assert.deepEqual(config.retention, { days: 7, maxBytes: 1024 ** 3 });
});

test("an empty variable, an empty file and an empty value count as not set", () => {
  assert.equal(load({ env: { CLEW_API_PORT: "", CLEW_TOKEN: "" } }).config.apiPort, 4319);
  assert.equal(load({ yaml: "" }).config.apiPort, 4319);
  assert.equal(load({ yaml: "# nothing\ntoken:\n" }).config.token, undefined);
});

test("texts of the environment become booleans, lists and sizes", () => {
  const { config } = load({
    env: {
      CLEW_INSECURE: "yes",
      CLEW_PROMPT_INDEX: "1",
      CLEW_CORS_ORIGINS: "https://a.example, http://b.example:8080",
      CLEW_MAX_BODY_BYTES: "1.5 MiB",
      CLEW_MAX_LOG_BYTES: "100MB",
    },
  });
  assert.equal(config.insecure, true);
  assert.equal(config.promptIndex, true);
  assert.deepEqual(config.cors.origins, ["https://a.example", "http://b.example:8080"]);
  assert.equal(config.maxBodyBytes, 1.5 * 1024 * 1024);
  assert.equal(config.maxLogBytes, 100_000_000);
});

test("an unknown setting names its line and the nearest one", () => {
  assert.deepEqual(problems({ yaml: "host: localhost\nhttp_prot: 4318\n" }), [
    "clew.yaml:2: unknown setting http_prot; did you mean httpPort?",
  ]);
  assert.deepEqual(problems({ yaml: "retention:\n  day: 3\ndays: 3\n" }), [
    "clew.yaml:2: unknown setting retention.day; did you mean retention.days?",
    "clew.yaml:3: unknown setting days; did you mean retention.days?",
  ]);
  assert.deepEqual(problems({ env: { CLEW_HTTPPORT: "1" } }), [
    "CLEW_HTTPPORT: unknown setting; did you mean CLEW_HTTP_PORT?",
  ]);
  assert.deepEqual(problems({ yaml: "colour: red\n" }), ["clew.yaml:1: unknown setting colour"]);
});

test("a wrong value names where it stands, what it is and what is allowed", () => {
  const allowed = "a whole number from 0 to 65535; 0 picks a free port";
  assert.deepEqual(problems({ yaml: "\nhttpPort: many\n" }), [
    `clew.yaml:2: httpPort is "many", which is not allowed; it must be ${allowed}`,
  ]);
  assert.deepEqual(problems({ env: { CLEW_API_PORT: "65536" } }), [
    `CLEW_API_PORT: apiPort is "65536", which is not allowed; it must be ${allowed}`,
  ]);
  assert.deepEqual(problems({ flags: { retentionDays: "0" } }), [
    '--retention-days: retention.days is "0", which is not allowed; it must be a whole number from 1 to 36500',
  ]);
  assert.deepEqual(problems({ yaml: "cors:\n  origins: [https://a.example, no]\n" }), [
    'clew.yaml:2: cors.origins is ["https://a.example","no"], which is not allowed; ' +
      "it must be a list of origins such as https://app.example.com, or * for all",
  ]);
});

test("all problems of all sources are told at once", () => {
  const found = problems({ yaml: "wrong: 1\n", env: { CLEW_API_PORT: "x" }, flags: { httpPort: "-1" } });
  assert.deepEqual(
    found.map((line) => line.split(":")[0]),
    ["clew.yaml", "--http-port", "CLEW_API_PORT"],
  );
});

test("a secret that is not allowed is not shown", () => {
  const found = problems({ env: { CLEW_TOKEN: "s3cret", CLEW_STORE: "http://user:s3cret@host" } }).join("\n");
  assert.match(found, /CLEW_TOKEN: token has a value that is not allowed/);
  assert.match(found, /CLEW_STORE: store has a value/);
  assert.doesNotMatch(found, /s3cret/);
});

test("listening beyond loopback needs a token or insecure", () => {
  assert.match(problems({ flags: { host: "0.0.0.0" } }).join(), /set CLEW_TOKEN, or say --insecure/);
  assert.equal(load({ flags: { host: "::" }, env: { CLEW_TOKEN: "0123456789" } }).config.host, "::");
  assert.equal(load({ flags: { host: "0.0.0.0", insecure: true } }).config.insecure, true);
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) assert.ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.example.com"]) assert.ok(!isLoopback(host), host);
});

test("settings that contradict each other are refused", () => {
  assert.match(problems({ flags: { apiPort: "4318" } }).join(), /httpPort and apiPort are both 4318/);
  assert.equal(load({ flags: { apiPort: "0", httpPort: "0" } }).config.apiPort, 0);
  assert.match(problems({ env: { CLEW_TLS_CERT: "/dev/null" } }).join(), /tls\.key is missing/);
  assert.match(problems({ flags: { cluster: "main" } }).join(), /store is embedded/);
});

test("paths of the file start at its folder, others at the working folder", () => {
  const elsewhere = folder("dataDir: data\npricesFile: prices.json\n");
  writeFileSync(join(elsewhere, "prices.json"), "{}");
  const flags = { config: join(elsewhere, "clew.yaml") };
  assert.equal(load({ flags }).config.dataDir, join(elsewhere, "data"));
  assert.equal(load({ flags }).config.pricesFile, join(elsewhere, "prices.json"));
  const cwd = folder();
  assert.equal(load({ cwd, flags: { dataDir: "data" } }).config.dataDir, join(cwd, "data"));
  assert.equal(load({ flags: { dataDir: "~/x" } }).config.dataDir, "/home/ada/x");
});

test("a file that is named must be there, be readable and be YAML", () => {
  assert.deepEqual(problems({ flags: { config: "/nowhere/clew.yaml" } }), [
    "/nowhere/clew.yaml: there is no such file",
  ]);
  assert.match(problems({ yaml: "host: [1\n" }).join(), /^clew\.yaml:\d/);
  assert.match(problems({ yaml: "- host\n" }).join(), /must be a list of settings/);
  assert.match(problems({ yaml: "retention: 3\n" }).join(), /must be a group of retention\.days/);
  assert.match(
    problems({ flags: { pricesFile: "/nowhere.json" } }).join(),
    /pricesFile: \/nowhere\.json cannot/,
  );
});

test("the working folder's file comes before the one in the XDG config home", () => {
  const home = folder();
  mkdirSync(join(home, "clew"));
  writeFileSync(join(home, "clew", "clew.yaml"), "apiPort: 1\n");
  assert.equal(load({ env: { XDG_CONFIG_HOME: home } }).config.apiPort, 1);
  assert.equal(load({ env: { XDG_CONFIG_HOME: home }, yaml: "apiPort: 2\n" }).config.apiPort, 2);
});

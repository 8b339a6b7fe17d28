import assert from "node:assert/strict";
import { test } from "node:test";
import { clew } from "./fixtures/shell.ts";

const COMMANDS = "serve traces trace compare query logs map tail import export status demo".split(" ");

test("help is printed to standard output and names every command", async () => {
  const { exitCode, output, notes } = await clew(["--help"]);
  assert.equal(exitCode, 0);
  assert.equal(notes, "");
  for (const name of COMMANDS) assert.match(output, new RegExp(`^ {2}${name}\\b`, "m"));
});

test("every command explains itself with examples and takes --json", async () => {
  for (const name of COMMANDS) {
    const { exitCode, output } = await clew([name, "--help"]);
    assert.equal(exitCode, 0, name);
    assert.match(output, /^Examples:\n {2}(CLEW_\S+ )?(clew|curl)/m, name);
    assert.match(output, /--json/, name);
  }
});

test("help fits the terminal", async () => {
  for (const name of COMMANDS) {
    const { output } = await clew([name, "--help"], { terminal: { columns: 130 } });
    for (const line of output.split("\n")) assert.ok(line.length <= 130, line);
  }
});

test("the version is the package's", async () => {
  assert.match((await clew(["--version"])).output, /^\d+\.\d+\.\d+\n$/);
});

test("no command at all is bad usage and prints help as a note", async () => {
  const { exitCode, output, notes } = await clew([]);
  assert.equal(exitCode, 2);
  assert.equal(output, "");
  assert.match(notes, /Usage: clew/);
});

test("an unknown command or flag is bad usage and names the nearest", async () => {
  const cases: [string[], RegExp][] = [
    [["trcaes"], /clew: unknown command 'trcaes'; did you mean traces\?\n$/],
    [["traces", "--sesion", "x"], /clew: unknown option '--sesion'; did you mean --session\?\n$/],
    [["trace"], /clew: missing required argument 'id'; usage: clew trace \[options\] <id>\n$/],
    [["compare", "last"], /clew: missing required argument 'b'; usage: clew compare \[options\] <a> <b>\n$/],
    [["traces", "--status", "bad"], /Allowed choices are ok, error/],
    [["traces", "--since", "yesterday"], /a length of time such as 30m, 1h or 2d, or a date/],
    [["traces", "--since", "5"], /a length of time such as 30m/],
    [["traces", "--until", "2026-13-01"], /or a date such as/],
    [["traces", "--limit", "0"], /a whole number from 1 to 1000/],
    [["traces", "--attr", "novalue"], /must be key=value/],
    [["traces", "--min-duration", "long"], /a length of time such as 250ms/],
    [["trace", "last", "--json", "--otlp"], /choose one/],
    [["export"], /say what to export/],
    [["export", "last", "--all"], /say what to export/],
    [["export", "last", "--signal", "metrics"], /metrics belong to no trace/],
    [["status", "--url", "nowhere"], /--url: nowhere is not an address/],
    [["serve", "--api-port", "many"], /--api-port: apiPort is "many"/],
    [["serve", "--host", "0.0.0.0"], /no token is set/],
  ];
  for (const [args, message] of cases) {
    const { exitCode, output, notes } = await clew(args);
    assert.equal(exitCode, 2, args.join(" "));
    assert.equal(output, "");
    assert.match(notes, message);
  }
});

test("a server that does not run is one line that says how to start it", async () => {
  for (const args of [
    ["traces"],
    ["trace", "last"],
    ["compare", "0af7", "last"],
    ["tail"],
    ["status"],
    ["export", "last"],
    ["import", "x"],
  ]) {
    const { exitCode, output, notes } = await clew([...args, "--url", "http://127.0.0.1:1"]);
    assert.equal(exitCode, 1, args.join(" "));
    assert.equal(output, "");
    assert.equal(notes, "clew: No Clew server answers at http://127.0.0.1:1; start one with: npm start\n");
  }
});

test("colour is only for terminals", async () => {
  const plain = await clew(["nothing"], { env: { NO_COLOR: "" } });
  assert.ok(!plain.notes.includes("\x1b"));
  const colored = await clew(["nothing"], { env: { NO_COLOR: "" }, terminal: { columns: 80 } });
  assert.ok(colored.notes.startsWith("\x1b[31mclew:\x1b[0m "));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger, type LogOptions } from "./log.ts";

function lines(options: Partial<LogOptions>, say: (log: ReturnType<typeof createLogger>) => void): string[] {
  const written: string[] = [];
  const target = { write: (text: string) => written.push(text), isTTY: options.target?.isTTY };
  say(createLogger({ level: "info", ...options, target }));
  return written;
}

test("away from a terminal every entry is a JSON object on a line", () => {
  const [line = ""] = lines({}, (log) => log.warn({ port: 4317 }, "slow"));
  assert.ok(line.endsWith("}\n"));
  const { time, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, { level: "warn", port: 4317, msg: "slow" });
  assert.match(time, /^\d{4}-\d\d-\d\dT.*Z$/);
});

test("on a terminal an entry is one line of text without colour unless asked for", () => {
  const target = { write: () => 0, isTTY: true };
  const [line = ""] = lines({ target }, (log) => log.info({ dir: "/a b", n: 3, list: ["x"] }, "opened"));
  assert.match(line, /^\d\d:\d\d:\d\d info {2}opened {2}dir="\/a b" n=3 list=\[ 'x' \]\n$/);
});

test("colour surrounds the level only when asked for", () => {
  const [line = ""] = lines({ forPeople: true, color: true }, (log) => log.error({}, "broken"));
  assert.ok(line.includes("\x1b[31merror\x1b[0m broken"));
});

test("an error keeps its message on the line and its stack below it", () => {
  const [text = ""] = lines({ forPeople: true }, (log) =>
    log.error({ error: new Error("no room") }, "failed"),
  );
  const [line, ...stack] = text.trimEnd().split("\n");
  assert.match(line ?? "", /error failed {2}error="no room"$/);
  assert.match(stack.join("\n"), /log\.test\.ts/);
});

test("a warning's error has no stack", () => {
  const [text = ""] = lines({ forPeople: true }, (log) => log.warn({ error: new Error("late") }, "retrying"));
  assert.equal(text.trimEnd().split("\n").length, 1);
});

test("text from outside can neither begin a new line nor steer the terminal", () => {
  const [text = ""] = lines({ forPeople: true }, (log) =>
    log.info({ name: "a\x1b[2J\nb", path: "a \x9b2J", list: ["\u202e"] }, "got \x1b[31m\nx"),
  );
  assert.equal(text.trimEnd().split("\n").length, 1);
  for (const character of "\x1b\x9b\u202e") assert.ok(!text.includes(character));
});

test("a stack keeps its lines, and nothing in it steers the terminal", () => {
  const [text = ""] = lines({ forPeople: true }, (log) =>
    log.error({ error: new Error("a\x1b[2J") }, "failed"),
  );
  assert.match(text, /\n {4}Error: a\\u001b\[2J\n {4} {4}at /);
});

test("entries below the level are dropped", () => {
  assert.deepEqual(
    lines({ level: "warn" }, (log) => log.info({}, "hello")),
    [],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandName } from "./command-name.ts";

test("a command is named by its program, and nothing of its arguments shows", () => {
  const commands: readonly (readonly [text: string, shell: boolean, name: string])[] = [
    ["/usr/bin/git", false, "git"],
    ["C:\\Program Files\\nodejs\\node.exe", false, "node"],
    ["git log --author=secret", true, "git"],
    ["  /usr/bin/python3 -c 'secret'", true, "python3"],
    ["TOKEN=secret curl example.com", true, "sh"],
    ["TOKEN='secret words' curl", true, "sh"],
    ["$(cat secret)", true, "sh"],
    ["'secret program' x", true, "sh"],
    ["curl|sh", true, "sh"],
    ["", true, "sh"],
    ["/", false, "sh"],
  ];
  for (const [text, shell, name] of commands) assert.equal(commandName(text, shell), name, text);
});

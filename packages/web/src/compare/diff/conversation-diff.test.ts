import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Message } from "@clew/protocol/genai/message";
import { pairSaid, type Said, saidIn } from "./conversation-diff.ts";

const message = (role: string, text: string): Message => ({ role, parts: [{ type: "text", text }] });

/** `role a|b`; `-` where one has no such message. */
function paired(a: readonly Said[], b: readonly Said[]): string[] {
  return pairSaid(a, b).map((pair) => `${pair.role} ${pair.a ?? "-"}|${pair.b ?? "-"}`);
}

const said = (...all: string[]): Said[] =>
  all.map((one) => ({ role: one.split(":")[0]!, text: one.split(":")[1]! }));

test("equal messages are paired, others by role between them", () => {
  assert.deepEqual(
    paired(
      said("system:s", "user:late fee", "assistant:look", "tool:r1", "assistant:done"),
      said("system:s", "user:late fees", "assistant:look", "assistant:no", "tool:r2"),
    ),
    [
      "system s|s",
      "user late fee|late fees",
      "assistant look|look",
      "assistant -|no",
      "tool r1|r2",
      "assistant done|-",
    ],
  );
});

test("every message of either is in one pair, in its order", () => {
  let state = 3;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * below);
  };
  const make = (): Said[] =>
    Array.from({ length: random(12) }, () => ({
      role: ["user", "tool", "assistant"][random(3)]!,
      text: String(random(4)),
    }));
  for (let round = 0; round < 300; round++) {
    const [a, b] = [make(), make()];
    const pairs = pairSaid(a, b);
    const side = (name: "a" | "b"): Said[] =>
      pairs.flatMap(({ role, [name]: text }) => (text === undefined ? [] : [{ role, text }]));
    assert.deepEqual(side("a"), a);
    assert.deepEqual(side("b"), b);
  }
});

test("what was said is text, without ids that are others each time", () => {
  const conversation: Conversation = {
    system: [{ type: "text", text: "Be brief." }],
    toolDefinitions: [],
    input: [message("user", "hello")],
    output: [
      {
        role: "assistant",
        parts: [
          { type: "tool_call", id: "call_9", name: "sql", arguments: { q: "select 1" } },
          { type: "image", mediaType: "image/png", url: "", data: "QUJD", fileId: "" },
        ],
      },
    ],
  };
  const texts = saidIn(conversation);
  assert.deepEqual(
    texts.map(({ role }) => role),
    ["system", "user", "assistant, answer"],
  );
  assert.match(
    texts[2]!.text,
    /^calls sql\n\{\n {2}"q": "select 1"\n\}\n\n\(image\/png, 4 characters, \w{8}\)$/,
  );
});

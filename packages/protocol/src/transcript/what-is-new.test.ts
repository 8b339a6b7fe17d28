import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../analysis/testing/random.ts";
import type { Message } from "../genai/message.ts";
import { newMessages } from "./new-messages.ts";
import { partKeys } from "./part-keys.ts";
import { type Continuation, type History, whatIsNew } from "./what-is-new.ts";

const SEEDS = 300;

/** The told parts, made again from the history that is continued and from what is new alone. */
function joined(told: readonly number[], histories: readonly History[], found: Continuation): number[] {
  const history = histories[found.of]?.keys ?? [];
  const { kept, again, againEnd, againIn } = found;
  return [
    ...history.slice(0, kept),
    ...told.slice(kept, again),
    ...history.slice(againIn, againIn + againEnd - again),
    ...told.slice(againEnd),
  ];
}

test("what an earlier call had, joined with what is new, is what the model was told", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const histories: History[] = [];
    let history: number[] = [];
    let fresh = 100;
    for (let call = 0; call < 12; call++) {
      const next = (): number => (random.next() < 0.3 ? random.below(5) : fresh++);
      const kind = random.below(6);
      // Grows; begins anew; loses its beginning, its middle or its answer; says everything again.
      if (kind === 1) history = [next()];
      if (kind === 2) history = [next(), ...history.slice(random.below(history.length + 1))];
      if (kind === 3) history = history.filter(() => random.next() < 0.8);
      if (kind === 4) history = history.slice(0, -1);
      const told = [...history, ...Array.from({ length: random.below(4) }, next)];
      const found = whatIsNew(told, histories, random.next() < 0.2);
      assert.deepEqual(joined(told, histories, found), told, `seed ${seed}`);
      history = [...told, ...Array.from({ length: random.below(3) }, next)];
      histories.push({ keys: history, told: told.length });
    }
  }
});

test("of a history that only grows, each part is new once", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const histories: History[] = [];
    let all: number[] = [];
    const told: number[] = [];
    for (let call = 0; call < 10; call++) {
      const input = [...all, ...Array.from({ length: 1 + random.below(3) }, () => random.below(4))];
      const { kept, again, againEnd, dropped } = whatIsNew(input, histories, false);
      told.push(...input.filter((_, at) => !(at < kept || (at >= again && at < againEnd))));
      const answer = [1000 + call];
      told.push(...answer);
      all = [...input, ...answer];
      histories.push({ keys: all, told: input.length });
      assert.equal(dropped, 0);
    }
    assert.deepEqual(told, all);
  }
});

test("a history whose middle gave way to a summary is continued, and how much is gone is told", () => {
  const history = { keys: [1, 2, 3, 4, 5, 6, 7], told: 6 };
  assert.deepEqual(whatIsNew([1, 99, 5, 6, 7, 8], [history], false), {
    of: 0,
    kept: 1,
    again: 2,
    againEnd: 5,
    againIn: 4,
    dropped: 3,
  });
});

test("who begins anew with the same question is asked it again, and who goes on is not", () => {
  const history = { keys: [1, 2], told: 1 };
  assert.equal(whatIsNew([1], [history], true).of, -1);
  assert.equal(whatIsNew([1], [history], false).kept, 1);
  assert.equal(whatIsNew([1, 2, 3], [history], true).kept, 2);
});

const user = (text: string): Message => ({ role: "user", parts: [{ type: "text", text }] });

test("a message that is joined, split or told without its reasoning is the same", () => {
  const answered: Message[] = [
    {
      role: "assistant",
      finishReason: "tool_calls",
      parts: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "Let me look." },
        { type: "tool_call", id: "a", name: "sql", arguments: { q: 1 } },
      ],
    },
  ];
  const again: Message[] = [
    user("how many?"),
    { role: "ai", parts: [{ type: "text", text: "Let me look. " }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "", name: "sql", arguments: '{"q":1}' }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "a", name: "", result: "3" }] },
  ];
  const before = partKeys([user("how many?"), ...answered]);
  const told = partKeys(again);
  const found = whatIsNew(told.keys, [{ keys: before.keys, told: 1 }], false);
  assert.deepEqual(newMessages(again, told, found), again.slice(3));
});

test("of a message of which a part is new only that part is told", () => {
  const first = user("look at this");
  const longer: Message = { role: "user", parts: [...first.parts, { type: "text", text: "and that" }] };
  const told = partKeys([longer]);
  const found = whatIsNew(told.keys, [{ keys: partKeys([first]).keys, told: 1 }], false);
  assert.deepEqual(newMessages([longer], told, found), [user("and that")]);
});

test("an end that stands in a hundred thousand places is found without looking at each for long", () => {
  const same = new Array<number>(100_000).fill(7);
  const found = whatIsNew([1, ...same], [{ keys: same, told: 1 }], false);
  assert.equal(found.againEnd - found.again, 100_000);
});

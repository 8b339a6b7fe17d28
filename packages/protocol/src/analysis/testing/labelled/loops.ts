import { agent, chat, inTurn, tool } from "../sketches.ts";
import type { Sketch } from "../trace-builder.ts";
import type { Labelled } from "./labelled.ts";

/** A model call and a tool, `turns` times; tokens by turn. */
function turns(
  count: number,
  tokens: (turn: number) => readonly [number, number],
  name = "search",
): Sketch[] {
  return inTurn(count, (turn) => [
    chat(10 + 200 * turn, 100, tokens(turn)),
    tool(typeof name === "string" ? name : "search", 120 + 200 * turn, 50),
  ]);
}

export const LOOPS: readonly Labelled[] = [
  {
    title: "the same search after the same answer six times",
    has: ["loop"],
    tops: [agent("a", 0, 1300, { below: turns(6, (turn) => [500 + 120 * turn, 40]) })],
  },
  {
    title: "four times are enough when the growth is the same",
    has: ["loop"],
    tops: [agent("a", 0, 900, { below: turns(4, (turn) => [900 + 301 * turn, 38 + (turn % 2)]) })],
  },
  {
    title: "a model is asked the very same again and again",
    has: ["loop"],
    tops: [agent("a", 0, 900, { below: inTurn(5, (turn) => chat(10 + 150 * turn, 100, [700, 25])) })],
  },
  {
    title: "steps with numbers in their names, each with the same inside",
    has: ["loop"],
    tops: [
      agent("a", 0, 1300, {
        below: inTurn(5, (turn) => ({
          name: `step ${turn + 1}`,
          type: "chain",
          at: 200 * turn,
          took: 190,
          below: [
            chat(10 + 200 * turn, 100, [400 + 80 * turn, 30]),
            tool("list_files", 120 + 200 * turn, 40),
          ],
        })),
      }),
    ],
  },
  {
    title: "an orchestrator that sends the same agent four times",
    has: ["loop"],
    tops: [
      agent("boss", 0, 1300, {
        below: inTurn(4, (turn) =>
          agent("checker", 10 + 250 * turn, 200, { below: [chat(20 + 250 * turn, 150, [600, 55])] }),
        ),
      }),
    ],
  },
  {
    title: "three steps at a time",
    has: ["loop"],
    tops: [
      agent("a", 0, 2600, {
        below: inTurn(5, (turn) => [
          chat(500 * turn, 100, [800 + 200 * turn, 60]),
          tool("search", 110 + 500 * turn, 50),
          tool("open", 170 + 500 * turn, 50),
        ]),
      }),
    ],
  },
  {
    title: "no tokens are known, and it goes on for long",
    has: ["loop"],
    tops: [
      agent("a", 0, 2200, {
        below: inTurn(10, (turn) => [chat(200 * turn, 100, [0, 0]), tool("search", 110 + 200 * turn, 50)]),
      }),
    ],
  },
  {
    title: "near: a list whose items are of different lengths",
    has: [],
    tops: [
      agent("a", 0, 1500, {
        below: turns(6, (turn) => [500 + [0, 340, 1210, 1290, 2650, 2700][turn]!, 40], "read"),
      }),
    ],
  },
  {
    title: "near: outputs that differ",
    has: [],
    tops: [
      agent("a", 0, 1500, {
        below: turns(6, (turn) => [500 + 120 * turn, [40, 95, 20, 210, 33, 400][turn]!]),
      }),
    ],
  },
  {
    title: "near: three times only",
    has: [],
    tops: [agent("a", 0, 700, { below: turns(3, (turn) => [500 + 120 * turn, 40]) })],
  },
  {
    title: "near: at once",
    has: [],
    tops: [agent("a", 0, 300, { below: inTurn(6, (turn) => chat(10 + turn, 200, [500, 40])) })],
  },
  {
    title: "near: a program that calls a tool for each item, without a model",
    has: [],
    tops: [{ name: "job", took: 900, below: inTurn(12, (turn) => tool("resize", 10 + 60 * turn, 50)) }],
  },
  {
    title: "near: another tool each time",
    has: [],
    tops: [
      agent("a", 0, 1300, {
        below: inTurn(6, (turn) => [
          chat(200 * turn, 100, [500 + 120 * turn, 40]),
          tool(["search", "open", "read", "sum", "plot", "send"][turn]!, 110 + 200 * turn, 50),
        ]),
      }),
    ],
  },
  {
    title: "near: no tokens are known, five times",
    has: [],
    tops: [
      agent("a", 0, 1200, {
        below: inTurn(5, (turn) => [chat(200 * turn, 100, [0, 0]), tool("search", 110 + 200 * turn, 50)]),
      }),
    ],
  },
  {
    title: "near: an agent that is sent four different pieces of work",
    has: [],
    tops: [
      agent("boss", 0, 1300, {
        below: inTurn(4, (turn) =>
          agent("writer", 10 + 250 * turn, 200, {
            below: [chat(20 + 250 * turn, 150, [600 + 410 * ((turn * 7) % 4), 300 + 170 * ((turn * 3) % 4)])],
          }),
        ),
      }),
    ],
  },
];

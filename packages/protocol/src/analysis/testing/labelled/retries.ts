import { agent, call, chat, inTurn, tool } from "../sketches.ts";
import type { Labelled } from "./labelled.ts";

const failed = { error: "timeout" };

export const RETRIES: readonly Labelled[] = [
  {
    title: "a tool fails and is called again at once",
    has: ["retry", "error"],
    tops: [agent("a", 0, 300, { below: [tool("sql", 10, 50, failed), tool("sql", 70, 50)] })],
  },
  {
    title: "a tool fails three times and never succeeds",
    has: ["retry", "error"],
    tops: [
      agent("a", 0, 400, { below: inTurn(3, (at) => tool("sql", 10 + 60 * at, 50, failed)), ...failed }),
    ],
  },
  {
    title: "a model answers 429 twice before it answers",
    has: ["retry", "error"],
    tops: [
      agent("a", 0, 400, {
        below: [
          chat(10, 20, [0, 0], { error: "429" }),
          chat(60, 20, [0, 0], { error: "429" }),
          chat(160, 90, [900, 80], { model: "gpt-5.1-2026-10-01" }),
        ],
      }),
    ],
  },
  {
    title: "an agent thinks in between and calls the tool again",
    has: ["retry", "error"],
    tops: [
      agent("a", 0, 400, {
        below: [
          tool("fetch", 10, 30, failed),
          chat(50, 90, [500, 40]),
          tool("fetch", 150, 40),
          chat(200, 90, [800, 200]),
        ],
      }),
    ],
  },
  {
    title: "an SDK repeats a request below one model call",
    has: ["retry", "error"],
    tops: [
      agent("a", 0, 400, {
        below: [
          chat(10, 300, [500, 80], {
            below: [
              { name: "POST", kind: "client", at: 12, took: 20, error: "503" },
              { name: "POST", kind: "client", at: 90, took: 200 },
            ],
          }),
        ],
      }),
    ],
  },
  {
    title: "a whole agent is called again after it failed",
    has: ["retry", "error"],
    tops: [
      agent("boss", 0, 900, {
        below: [
          agent("worker", 10, 300, { ...failed, below: [chat(20, 100, [90, 9])] }),
          agent("worker", 350, 400, { below: [chat(360, 150, [90, 80])] }),
        ],
      }),
    ],
  },
  {
    title: "the same calls with numbers in their names",
    has: ["retry", "error"],
    tops: [
      {
        name: "job",
        took: 200,
        below: [
          { name: "attempt 1", at: 10, took: 20, error: "refused" },
          { name: "attempt 2", at: 40, took: 20, error: "refused" },
          { name: "attempt 3", at: 70, took: 20 },
        ],
      },
    ],
  },
  {
    title: "near: one of several calls at once fails",
    has: ["error"],
    tops: [
      agent("a", 0, 200, {
        below: [tool("fetch", 10, 50), tool("fetch", 12, 40, failed), tool("fetch", 14, 60)],
      }),
    ],
  },
  {
    title: "near: one of many in a list fails, the others go on",
    has: ["error"],
    tops: [
      agent("a", 0, 900, {
        below: inTurn(8, (at) => tool("fetch", 10 + 60 * at, 50, at === 4 ? failed : {})),
      }),
    ],
  },
  {
    title: "near: another model answers after the first failed",
    has: ["error"],
    tops: [
      agent("a", 0, 300, {
        below: [
          chat(10, 50, [0, 0], failed),
          chat(80, 90, [500, 80], { name: "chat claude-sonnet-5", model: "claude-sonnet-5" }),
        ],
      }),
    ],
  },
  {
    title: "near: another tool is tried after the first failed",
    has: ["error"],
    tops: [agent("a", 0, 300, { below: [tool("sql", 10, 50, failed), tool("search", 80, 50)] })],
  },
  {
    title: "near: the same tool twice, and both succeed",
    has: [],
    tops: [agent("a", 0, 300, { below: [tool("sql", 10, 50), tool("sql", 80, 50)] })],
  },
  {
    title: "near: the same call by two agents, the first of which failed",
    has: ["error"],
    tops: [
      agent("boss", 0, 300, {
        below: [
          agent("left", 10, 90, { below: [tool("sql", 20, 50, failed)] }),
          agent("right", 110, 90, { below: [tool("sql", 120, 50)] }),
        ],
      }),
    ],
  },
  {
    title: "near: it succeeded first and failed later",
    has: ["error"],
    tops: [agent("a", 0, 300, { below: [tool("sql", 10, 50), tool("sql", 80, 50, failed)], ...failed })],
  },
  {
    title: "near: a call of the same path in another service",
    has: ["error"],
    tops: [
      {
        name: "job",
        took: 300,
        below: [call("/x", "one", 10, 50, failed), { name: "GET", kind: "client", at: 80, took: 50 }],
      },
    ],
  },
];

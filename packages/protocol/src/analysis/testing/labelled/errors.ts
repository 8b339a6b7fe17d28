import { agent, call, chat, tool } from "../sketches.ts";
import type { Labelled } from "./labelled.ts";

const failed = { error: "timeout" };

export const ERRORS: readonly Labelled[] = [
  {
    title: "carried all the way up",
    has: ["error"],
    tops: [
      {
        name: "root",
        took: 100,
        ...failed,
        below: [call("/a", "a", 10, 80, { ...failed, below: [tool("sql", 20, 50, failed)] })],
      },
    ],
  },
  {
    title: "swallowed by the agent",
    has: ["error"],
    tops: [agent("a", 0, 200, { below: [tool("sql", 10, 50, failed), chat(70, 90, [500, 90])] })],
  },
  { title: "the root itself", has: ["error"], tops: [{ name: "root", took: 100, ...failed }] },
  {
    title: "below a root that has not arrived",
    has: ["error"],
    tops: [{ name: "part", took: 100, orphan: true, below: [tool("sql", 10, 50, failed)] }],
  },
  {
    title: "others were cancelled with it",
    has: ["error"],
    tops: [
      agent("a", 0, 200, {
        ...failed,
        below: [
          tool("x", 10, 50, failed),
          tool("y", 10, 55, { error: "cancelled" }),
          tool("z", 10, 56, { error: "cancelled" }),
        ],
      }),
    ],
  },
  {
    title: "through a span that sets no status",
    has: ["error"],
    tops: [
      {
        name: "root",
        took: 100,
        ...failed,
        below: [{ name: "plumbing", at: 5, took: 90, below: [tool("sql", 20, 74, failed)] }],
      },
    ],
  },
  {
    title: "near: all went well",
    has: [],
    tops: [agent("a", 0, 200, { below: [tool("sql", 10, 50, { status: 1 }), chat(70, 90, [500, 90])] })],
  },
  {
    title: "near: a kind of error is named, but the span did not fail",
    has: [],
    tops: [{ name: "root", took: 9, error: "handled", status: 0 }],
  },
  {
    title: "near: said to be fine in spite of a name for an error",
    has: [],
    tops: [{ name: "root", took: 9, error: "handled", status: 1 }],
  },
  {
    title: "near: still running",
    has: [],
    tops: [{ name: "root", running: true, below: [tool("sql", 10, 50)] }],
  },
  {
    title: "near: called after an error",
    has: [],
    tops: [{ name: "handle error", took: 9, below: [{ name: "on_error", at: 1, took: 5 }] }],
  },
  { title: "near: ends before it starts", has: [], tops: [{ name: "root", took: -9 }] },
];

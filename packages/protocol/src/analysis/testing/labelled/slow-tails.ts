import { agent, call, chat, inTurn, tool } from "../sketches.ts";
import type { Sketch } from "../trace-builder.ts";
import type { Labelled } from "./labelled.ts";

/** One after the other, each as long as said. */
function lasting(lengths: readonly number[], make: (at: number, took: number) => Sketch): Sketch[] {
  let at = 10;
  return lengths.map((took) => {
    const sketch = make(at, took);
    at += took + 10;
    return sketch;
  });
}

const fetch = (at: number, took: number): Sketch => tool("fetch", at, took);
const alone = (below: Sketch[]): Sketch => agent("a", 0, 6000, { below });

export const SLOW_TAILS: readonly Labelled[] = [
  { title: "one of six", has: ["slow-tail"], tops: [alone(lasting([50, 60, 900, 55, 48, 52], fetch))] },
  {
    title: "two of twelve",
    has: ["slow-tail"],
    tops: [alone(lasting([50, 60, 900, 55, 48, 52, 61, 47, 1200, 58, 50, 49], fetch))],
  },
  {
    title: "one of several at once",
    has: ["slow-tail"],
    tops: [alone(inTurn(8, (at) => tool("fetch", 10 + at, at === 3 ? 2000 : 100 + at)))],
  },
  {
    title: "a request to another service, both of whose ends are slow, is told once",
    has: ["slow-tail"],
    tops: [
      {
        name: "job",
        took: 6000,
        below: lasting([40, 44, 41, 2000, 45, 43, 42], (at, took) => call("/user", "users", at, took)),
      },
    ],
  },
  {
    title: "a model that writes as much as ever and takes ten times as long",
    has: ["slow-tail"],
    tops: [
      alone(
        inTurn(6, (at) =>
          chat(10 + 100 * at + (at > 3 ? 2000 : 0), at === 3 ? 2000 : 80 + at, [
            900 + 7 * ((at * 5) % 4) * at,
            90 + 23 * ((at * 7) % 4),
          ]),
        ),
      ),
    ],
  },
  {
    title: "one step of many, each with its own caller",
    has: ["slow-tail"],
    tops: [
      alone(
        lasting([60, 62, 65, 61, 1500, 63], (at, took) => ({
          name: "step 1",
          type: "chain",
          at,
          took,
          below: [tool("fetch", at + 1, took - 2)],
        })),
      ),
    ],
  },
  { title: "near: all take their time", has: [], tops: [alone(lasting([900, 850, 990, 910, 870], fetch))] },
  {
    title: "near: each twice as long as the one before",
    has: [],
    tops: [alone(lasting([40, 80, 160, 320, 640, 1280], fetch))],
  },
  { title: "near: four calls only", has: [], tops: [alone(lasting([50, 60, 900, 55], fetch))] },
  {
    title: "near: slow in what nobody would feel",
    has: [],
    tops: [alone(lasting([1, 1, 30, 1, 1, 1], fetch))],
  },
  {
    title: "near: a model that takes longer because it writes more",
    has: [],
    tops: [
      alone(
        inTurn(6, (at) =>
          chat(10 + 150 * at + (at > 3 ? 1500 : 0), at === 3 ? 1500 : 100, [
            900 + 211 * ((at * 5) % 7),
            at === 3 ? 1600 : 80 + 23 * ((at * 7) % 4),
          ]),
        ),
      ),
    ],
  },
  {
    title: "near: half are slow",
    has: [],
    tops: [alone(lasting([50, 900, 60, 880, 55, 910, 48, 870], fetch))],
  },
  {
    title: "near: other tools are faster",
    has: [],
    tops: [
      alone([
        ...lasting([900, 950], (at, took) => tool("train", at, took)),
        ...inTurn(6, (at) => tool("fetch", 3000 + 70 * at, 50)),
      ]),
    ],
  },
];

import { agent, chat, inTurn, tool } from "../sketches.ts";
import type { Sketch } from "../trace-builder.ts";
import type { Labelled } from "./labelled.ts";

/** Model calls with a tool in between; what was read grows unevenly, as tools' results do. */
function reading(inputs: readonly number[], output: (turn: number) => number): Sketch[] {
  return inTurn(inputs.length, (turn) => [
    chat(200 * turn, 100, [inputs[turn]!, output(turn)]),
    tool("read", 110 + 200 * turn, 50),
  ]);
}

const GROWING = [1_100, 2_900, 3_700, 6_800, 9_100, 9_900, 14_200, 15_100];
const few = (turn: number): number => 22 + ((turn * 13) % 29);

const alone = (below: Sketch[]): Sketch => agent("a", 0, 3000, { below });

export const STUCK_CONTEXTS: readonly Labelled[] = [
  {
    title: "reads and reads, writes calls of tools only",
    has: ["stuck-context"],
    tops: [alone(reading(GROWING, few))],
  },
  { title: "six turns", has: ["stuck-context"], tops: [alone(reading(GROWING.slice(0, 6), few))] },
  {
    title: "writes nothing at all",
    has: ["stuck-context"],
    tops: [alone(reading(GROWING, () => 0))],
  },
  {
    title: "with an answer before and after",
    has: ["stuck-context"],
    tops: [
      alone([
        ...reading([900, 800, ...GROWING, 700], (turn) => (turn === 0 || turn === 10 ? 600 : few(turn))),
      ]),
    ],
  },
  {
    title: "below another agent, which is not",
    has: ["stuck-context"],
    tops: [agent("boss", 0, 4000, { below: [alone(reading(GROWING, few)), chat(3500, 90, [900, 500])] })],
  },
  {
    title: "each call in a step of its own",
    has: ["stuck-context"],
    tops: [
      alone(
        GROWING.map((input, turn) => ({
          name: `step ${turn}`,
          type: "chain",
          at: 200 * turn,
          took: 150,
          below: [chat(200 * turn, 100, [input, few(turn)])],
        })),
      ),
    ],
  },
  { title: "near: five turns", has: [], tops: [alone(reading(GROWING.slice(0, 5), few))] },
  {
    title: "near: reads much and answers",
    has: [],
    tops: [alone(reading(GROWING, (turn) => (turn === GROWING.length - 1 ? 700 : few(turn))))],
  },
  {
    title: "near: writes as it goes",
    has: [],
    tops: [alone(reading(GROWING, (turn) => 400 + ((turn * 211) % 300)))],
  },
  {
    title: "near: a short conversation",
    has: [],
    tops: [alone(reading([90, 210, 260, 380, 520, 610, 900], few))],
  },
  {
    title: "near: grows a little",
    has: [],
    tops: [alone(reading([6_000, 6_210, 6_260, 6_380, 6_520, 6_610, 6_900], few))],
  },
  {
    title: "near: forgets what is old",
    has: [],
    tops: [alone(reading([1_100, 3_900, 6_800, 1_400, 4_300, 7_100, 1_200, 4_000], few))],
  },
  {
    title: "near: each turn is another agent's",
    has: [],
    tops: [
      agent("boss", 0, 3000, {
        below: GROWING.map((input, turn) =>
          agent(`worker-${turn}`, 200 * turn, 150, { below: [chat(200 * turn, 100, [input, few(turn)])] }),
        ),
      }),
    ],
  },
];

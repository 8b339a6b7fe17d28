import { agent, call, chat, inTurn, tool } from "../sketches.ts";
import type { Sketch } from "../trace-builder.ts";
import type { Labelled } from "./labelled.ts";

/** Agents in turn below one caller; the conversation that each reads has `input` tokens. */
function inTurns(
  names: readonly string[],
  input: (turn: number) => number,
  output = (turn: number): number => 60 + 31 * turn,
): Sketch[] {
  return names.map((name, turn) =>
    agent(name, 10 + 200 * turn, 150, { below: [chat(20 + 200 * turn, 100, [input(turn), output(turn)])] }),
  );
}

const grows = (turn: number): number => 400 + 230 * turn + 17 * ((turn * turn) % 5);

/** Each agent called by the one before. */
function nested(names: readonly string[], at = 0): Sketch {
  const [name = "", ...rest] = names;
  const below = rest.length === 0 ? [] : [nested(rest, at + 20)];
  return agent(name, at, 1000 - 2 * at, { below: [chat(at + 2, 10, [grows(at / 20), 70 + at]), ...below] });
}

const boss = (below: Sketch[]): Sketch => agent("boss", 0, 3000, { below });

export const PING_PONGS: readonly Labelled[] = [
  {
    title: "planner and critic, three rounds",
    has: ["ping-pong"],
    tops: [boss(inTurns(["planner", "critic", "planner", "critic", "planner", "critic"], grows))],
  },
  {
    title: "four and a half rounds, after another agent",
    has: ["ping-pong"],
    tops: [
      boss(inTurns(["triage", ...Array.from({ length: 9 }, (_, at) => ["coder", "tester"][at % 2]!)], grows)),
    ],
  },
  {
    title: "the tokens are not known",
    has: ["ping-pong"],
    tops: [boss(["a", "b", "a", "b", "a", "b"].map((name, turn) => agent(name, 10 + 200 * turn, 150)))],
  },
  {
    title: "each calls the other",
    has: ["ping-pong"],
    tops: [nested(["a", "b", "a", "b", "a", "b"])],
  },
  {
    title: "over HTTP, without names of agents",
    has: ["ping-pong"],
    tops: [
      {
        name: "POST /task",
        service: "boss",
        took: 3000,
        below: ["draft", "review", "draft", "review", "draft", "review"].map((service, turn) =>
          call(`/${service}`, service, 10 + 300 * turn, 200, {
            below: [chat(30 + 300 * turn, 100, [grows(turn), 80 + 9 * turn])],
          }),
        ),
      },
    ],
  },
  {
    title: "each calls the other over HTTP",
    has: ["ping-pong"],
    tops: [
      ["a", "b", "a", "b", "a", "b", "a"].reduceRight<Sketch>(
        (below, name, turn) =>
          call("/ask", name, 30 * turn, 1000 - 60 * turn, {
            below: [
              agent(name, 30 * turn + 2, 990 - 60 * turn, {
                below: [chat(30 * turn + 4, 10, [grows(turn), 50 + 19 * turn]), below],
              }),
            ],
          }),
        tool("end", 300, 5),
      ),
    ],
  },
  {
    title: "near: two rounds",
    has: [],
    tops: [boss(inTurns(["planner", "critic", "planner", "critic"], grows))],
  },
  {
    title: "near: three agents in turn",
    has: [],
    tops: [boss(inTurns(["a", "b", "c", "a", "b", "c", "a", "b", "c"], grows))],
  },
  {
    title: "near: one agent called by its boss again and again",
    has: [],
    tops: [
      boss(
        inTurn(6, (turn) => [
          chat(10 + 400 * turn, 90, [grows(turn), 40 + 33 * turn]),
          agent("helper", 110 + 400 * turn, 200),
        ]),
      ),
    ],
  },
  {
    title: "near: two agents for each of many documents, which differ in length",
    has: [],
    tops: [
      boss(
        inTurns(
          ["summariser", "translator", "summariser", "translator", "summariser", "translator"],
          (turn) => [900, 80, 350, 40, 1800, 160][turn]!,
        ),
      ),
    ],
  },
  {
    title: "near: at once",
    has: [],
    tops: [
      boss(
        ["a", "b", "a", "b", "a", "b"].map((name, turn) =>
          agent(name, 10 + turn, 900, { below: [chat(20, 500, [grows(turn), 60 + 31 * turn])] }),
        ),
      ),
    ],
  },
  {
    title: "near: two services that call no model",
    has: [],
    tops: [
      {
        name: "job",
        service: "boss",
        took: 3000,
        below: ["stock", "price", "stock", "price", "stock", "price"].map((service, turn) =>
          call(`/${service}`, service, 10 + 300 * turn, 200),
        ),
      },
    ],
  },
  {
    title: "near: first one, then the other",
    has: [],
    tops: [boss(inTurns(["a", "a", "a", "b", "b", "b"], grows))],
  },
];

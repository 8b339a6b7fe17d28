import type { FindingKind } from "../analysis.ts";
import type { Labelled } from "./labelled/labelled.ts";
import type { Random } from "./random.ts";
import { agent, call, chat, tool } from "./sketches.ts";
import type { Sketch } from "./trace-builder.ts";

const AGENTS = ["researcher", "coder", "reviewer", "writer"];
const TOOLS = ["search", "fetch", "sql", "read_file", "write_file", "run_tests"];

/** Lays one thing after the other. */
class Line {
  readonly below: Sketch[] = [];
  at: number;

  constructor(at: number) {
    this.at = at;
  }

  add(sketch: Sketch): void {
    this.below.push(sketch);
    this.at += (sketch.took ?? 0) + 3;
  }
}

/**
 * The work of an orchestrator and its agents, drawn at random: turns of models and tools, lists, things at once. Into
 * one of its runs goes what `kind` says, with its own numbers drawn at random as well; nothing for undefined.
 */
export function generatedTrace(random: Random, kind: FindingKind | undefined): Labelled {
  const line = new Line(5);
  const visits = 2 + random.below(4);
  const chosen = random.below(visits);
  for (let visit = 0; visit < visits; visit++) {
    if (random.chance(0.6)) line.add(model(random, line.at));
    const isChosen = visit === chosen;
    if (isChosen && kind === "ping-pong") for (const turn of pingPong(random, line.at)) line.add(turn);
    else line.add(visited(random, line.at, visit, isChosen ? kind : undefined));
  }
  const has: FindingKind[] = kind === undefined ? [] : kind === "retry" ? ["error", "retry"] : [kind];
  const root = agent("orchestrator", 0, line.at + 5, { below: line.below });
  return { title: kind ?? "nothing", tops: [root], has };
}

function visited(random: Random, at: number, visit: number, kind: FindingKind | undefined): Sketch {
  const name = AGENTS[visit % AGENTS.length]!;
  const line = new Line(at + 4);
  ordinary(random, line, 1 + random.below(4));
  if (kind !== undefined) inject(random, line, kind);
  ordinary(random, line, kind === "stuck-context" ? 0 : 1 + random.below(3));
  const run = (from: number): Sketch => agent(name, from, line.at - at, { below: line.below });
  return random.chance(0.5)
    ? call(`/${name}`, name, at, line.at - at + 4, { below: [run(at + 2)] })
    : run(at);
}

/**
 * Between a sixth and six times the usual, mostly near it: as widely as durations and answers of models differ. In one
 * trace of seventy that makes a slow tail which nobody put in; being right about it counts as a mistake.
 */
function long(random: Random, usual: number): number {
  return Math.round(usual * Math.exp(1.2 * (random.next() + random.next() + random.next() - 1.5)));
}

function model(random: Random, at: number, input = long(random, 1500), output = long(random, 150)): Sketch {
  return chat(at, long(random, 900), [input, output]);
}

function ordinary(random: Random, line: Line, turns: number): void {
  let input = long(random, 1200);
  for (let turn = 0; turn < turns; turn++) {
    line.add(model(random, line.at, input));
    input += long(random, 500);
    const name = random.one(TOOLS);
    const shape = random.below(5);
    if (shape === 0) for (let item = 0; item < 4; item++) line.add(tool(name, line.at, long(random, 80)));
    else if (shape === 1) {
      const from = line.at;
      const together = [0, 1, 2].map((item) => tool(name, from + item, long(random, 150)));
      for (const one of together) line.below.push(one);
      line.at = from + Math.max(...together.map(({ took = 0 }) => took)) + 5;
    } else line.add(tool(name, line.at, long(random, 120)));
  }
}

function inject(random: Random, line: Line, kind: FindingKind): void {
  const name = random.one(TOOLS);
  if (kind === "retry") {
    const failures = 1 + random.below(4);
    for (let attempt = 0; attempt < failures; attempt++) {
      line.add(tool(`${name}_remote`, line.at, long(random, 200), { error: "timeout" }));
      line.at += 50 * 2 ** attempt;
    }
    if (failures === 1 || random.chance(0.7)) line.add(tool(`${name}_remote`, line.at, long(random, 200)));
  } else if (kind === "error") {
    const failed = { error: random.one(["500", "refused", "no such file"]) };
    line.add(
      tool(`${name}_remote`, line.at, 90, {
        ...failed,
        below: [call("/x", "remote", line.at + 2, 80, failed)],
      }),
    );
  } else if (kind === "loop") {
    const times = 4 + random.below(6);
    let input = long(random, 900);
    const [growth, output] = [long(random, 300), long(random, 60)];
    for (let turn = 0; turn < times; turn++) {
      line.add(model(random, line.at, input + random.below(3), output + random.below(2)));
      line.add(tool(name, line.at, long(random, 100)));
      input += growth;
    }
  } else if (kind === "stuck-context") {
    let input = long(random, 1500);
    for (let turn = 0; turn < 7 + random.below(6); turn++) {
      line.add(
        chat(line.at, long(random, 900), [input, 15 + random.below(40)], {
          name: "chat big-model",
          model: "big-model",
        }),
      );
      line.add(tool(name, line.at, long(random, 100)));
      input += long(random, 1800);
    }
  } else if (kind === "slow-tail") {
    const calls = 6 + random.below(10);
    const slow = random.below(calls);
    for (let at = 0; at < calls; at++) {
      const took = at === slow ? 2500 + random.below(4000) : long(random, 120);
      line.add(call("/lookup", "directory", line.at, took));
    }
  }
}

function pingPong(random: Random, at: number): Sketch[] {
  const line = new Line(at);
  let input = long(random, 800);
  const turns = 6 + random.below(5);
  for (let turn = 0; turn < turns; turn++) {
    const name = turn % 2 === 0 ? "planner" : "critic";
    line.add(agent(name, line.at, 1200, { below: [chat(line.at + 2, 1000, [input, long(random, 200)])] }));
    input += long(random, 250);
  }
  return line.below;
}

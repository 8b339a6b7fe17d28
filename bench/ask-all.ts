import type { Figure, FigureName } from "./figures.ts";
import { median, quantile } from "./quantiles.ts";
import type { SentTrace } from "./template.ts";

/** A question with what its answer has to have. */
export interface Question {
  readonly name: FigureName;
  /** Throws when the answer is not right. */
  ask(trace: SentTrace): Promise<void>;
}

/** Asks each in turn, `rounds` times, and gives the median of each; a wrong answer fails its figure. */
export async function askAll(
  questions: readonly Question[],
  traces: readonly SentTrace[],
  rounds: number,
): Promise<Figure[]> {
  const times = new Map<FigureName, number[]>(questions.map(({ name }) => [name, []]));
  const failures = new Map<FigureName, string>();
  for (let round = -3; round < rounds; round++) {
    const trace = traces[(round + 3) % traces.length]!;
    for (const { name, ask } of questions) {
      const begunAt = performance.now();
      try {
        await ask(trace);
      } catch (error) {
        failures.set(name, (error as Error).message.split("\n")[0]!.slice(0, 120));
      }
      // The first rounds load marks and compile code.
      if (round >= 0) times.get(name)!.push(performance.now() - begunAt);
    }
  }
  return questions.map(({ name }) => {
    const of = times.get(name)!;
    const failure = failures.get(name);
    if (failure !== undefined) return { name, value: Number.NaN, note: failure };
    return { name, value: median(of), note: `p95 ${quantile(of, 0.95).toFixed(1)} ms, ${of.length} times` };
  });
}

export function expect(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new Error(otherwise);
}

import { askAll, expect, type Question } from "../ask-all.ts";
import { say } from "../progress.ts";
import { runLoad } from "../run-load.ts";
import type { Scenario } from "../scenario.ts";
import { ServerProcess } from "../server-process.ts";

const DAY_MS = 86_400_000;
/** Long words of the generated prose: those that few prompts have. */
const LONGEST_WORDS = `
  SELECT DISTINCT arrayJoin(arraySlice(arraySort(word -> -length(word),
    arrayDistinct(splitByNonAlpha(content['gen_ai.output.messages']))), 1, 3)) AS word
  FROM (SELECT content FROM spans WHERE mapContains(content, 'gen_ai.output.messages') LIMIT 300)
  ORDER BY length(word) DESC LIMIT 50`;

/** Words in prompts and completions, with the index of prompts on. */
export const fullText: Scenario = {
  gives: ["full-text"],
  async run({ quick }) {
    await using server = await ServerProcess.start(undefined, ["--prompt-index"]);
    const spans = quick ? 200_000 : 10_000_000;
    const toMs = Date.now();
    say(`loading ${spans} spans with prompts`);
    const loaded = await runLoad({
      port: server.ports.grpc,
      spansPerRequest: 100,
      profile: "prompts",
      spans,
      clock: { fromMs: toMs - DAY_MS, toMs },
      keep: 1,
    });
    await server.whenStored(loaded.acknowledgedSpans, 900_000);
    await server.whenQuiet(quick ? 20_000 : 120_000);
    const words = (await server.engine.query<{ word: string }>(LONGEST_WORDS, {})).map(({ word }) => word);
    let next = 0;
    const question: Question = {
      name: "full-text",
      async ask() {
        const word = words[next++ % words.length]!;
        const { items } = await server.api.traces({ text: word, from: "now-25h" });
        expect(items.length > 0, `nothing has ${word}`);
      },
    };
    return await askAll([question], loaded.kept, quick ? 20 : 100);
  },
};

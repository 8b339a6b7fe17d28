import { editDistance } from "../edit-distance.ts";

/** The known word that a mistyped one most likely stands for; undefined when none is near. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const plain = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.ceil(plain.length / 3) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - plain.length) >= bestDistance) continue;
    const distance = editDistance(plain, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

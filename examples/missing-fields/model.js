/** What the model says to the two agents. */
export function answer({ system, turns }) {
  const asked = turns.at(-1).text;
  if (system.includes("title")) return { text: `The ${JSON.parse(asked).name}` };
  return { text: `${asked} is a lamp that everybody likes.` };
}

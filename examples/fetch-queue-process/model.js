/** What the model says to agent B. */
export function answer({ turns }) {
  const { id, value } = JSON.parse(turns[0].text);
  return { text: `Number ${id} has ${value}.` };
}

/** What the model says to the recommendation agent. */
export function answer({ turns, tools }) {
  const results = turns.filter(({ role }) => role === "tool").map(({ text }) => JSON.parse(text));
  const asked = turns.find(({ role }) => role === "user")?.text ?? "";
  if (tools.length === 0) {
    return { text: asked.replace(/product(\d)/g, (_, number) => `recommended_product${number}`) };
  }
  const [data, made] = results;
  if (data === undefined) {
    const [user] = /user-\d+/.exec(asked) ?? ["nobody"];
    return { calls: [{ name: "fetch_user_data", arguments: { user } }] };
  }
  if (made === undefined) {
    return { calls: [{ name: "generate_recommendations", arguments: { products: data.products } }] };
  }
  return { text: made.recommendations.join(" and ") };
}

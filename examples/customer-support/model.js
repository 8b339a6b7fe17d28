/** What the model says to the three agents. */
export function answer({ system, turns, tools }) {
  const asked = turns.find(({ role }) => role === "user")?.text ?? "";
  const results = turns.filter(({ role }) => role === "tool").map(({ text }) => text);
  const steps = stepsOf(system, asked, results);
  const next = steps[results.length];
  if (next.call !== undefined && !tools.includes(next.call)) throw new Error(`there is no tool ${next.call}`);
  return next.call === undefined ? next : { calls: [{ name: next.call, arguments: next.with }] };
}

function stepsOf(system, asked, results) {
  const [order = "none"] = /\d{4}/.exec(asked) ?? [];
  if (system.includes("main agent")) {
    const [payment, support, delivery] = results.map((text) => JSON.parse(text));
    return [
      { call: "verify_payment", with: { order } },
      { call: "ask_support", with: { question: `The customer of order ${order} cannot log in.` } },
      { call: "ask_orders", with: { order } },
      { text: `Order ${order} was charged ${payment?.charges} time. ${support?.answer} ${delivery?.answer}` },
    ];
  }
  if (system.includes("support agent")) {
    return [
      { call: "ask_tech_support", with: { problem: asked } },
      { text: `We looked into it: ${results[0]}.` },
    ];
  }
  const [, sku] = /product ([\w-]+)/.exec(asked) ?? [];
  return [{ call: "check_stock", with: { sku } }, { text: `Order ${order} arrives tomorrow.` }];
}

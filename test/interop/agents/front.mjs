// Asks the planner, and prints what it answers.
const [planner, city] = process.argv.slice(2);
const answer = await fetch(`${planner}/plans`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ city }),
});
console.log(await answer.text());

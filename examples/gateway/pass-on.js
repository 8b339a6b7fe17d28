/**
 * All that an agent behind the gateway has to do for its trace: send on the headers that it was sent. With
 * `PASS_ON=ids` it is an agent that doesn't even do that, and only says which session and task its calls are for.
 */
const TRACE = ["traceparent", "tracestate", "baggage"];
const IDS = ["x-session-id", "x-task-id"];

export function passedOn(c) {
  const names = process.env.PASS_ON === "ids" ? IDS : [...TRACE, ...IDS];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = c.req.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

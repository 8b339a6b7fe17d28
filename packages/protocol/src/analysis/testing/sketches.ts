import type { Sketch } from "./trace-builder.ts";

type More = Partial<Sketch>;

export function agent(name: string, at: number, took: number, more: More = {}): Sketch {
  return { name: `invoke_agent ${name}`, type: "agent", agent: name, at, took, ...more };
}

/** A model call: so many tokens in, so many out. */
export function chat(at: number, took: number, tokens: readonly [number, number], more: More = {}): Sketch {
  return { name: "chat gpt-5.1", type: "llm", model: "gpt-5.1", kind: "client", at, took, tokens, ...more };
}

export function tool(name: string, at: number, took: number, more: More = {}): Sketch {
  return { name: `execute_tool ${name}`, type: "tool", tool: name, at, took, ...more };
}

/** A call of another service, both of its ends. */
export function call(path: string, service: string, at: number, took: number, more: More = {}): Sketch {
  const { below = [], error, ...rest } = more;
  const failed = error === undefined ? {} : { error };
  const server: Sketch = {
    name: `POST ${path}`,
    service,
    kind: "server",
    at: at + 1,
    took: Math.max(0, took - 2),
    below,
    ...failed,
  };
  return { name: "POST", kind: "client", at, took, ...failed, ...rest, below: [server] };
}

/** `count` things, one after the other. */
export function inTurn(count: number, make: (turn: number) => Sketch | readonly Sketch[]): Sketch[] {
  return Array.from({ length: count }, (_, turn) => make(turn)).flat();
}

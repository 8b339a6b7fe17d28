/**
 * Which agent the gateway is just asking, by the span of the call. An agent that passes on the trace headers it got,
 * names this span as parent of its own calls: so the gateway knows who calls, though the agent doesn't say.
 */
export class Callers {
  readonly #agents = new Map<string, string>();

  began(spanId: string, agent: string): void {
    this.#agents.set(spanId, agent);
  }

  ended(spanId: string): void {
    this.#agents.delete(spanId);
  }

  agentOf(parentId: string | undefined): string | undefined {
    return parentId === undefined ? undefined : this.#agents.get(parentId);
  }
}

import {
  formatTracestate,
  isTracestateKey,
  isTracestateValue,
  MAX_TRACESTATE_MEMBERS,
  type TracestateMember,
} from "@clew/protocol/context/tracestate";
import type { TraceState } from "@opentelemetry/api";

/** A `tracestate` list; it never changes, and never loses another vendor's member but for the limit of 32. */
export class W3cTraceState implements TraceState {
  readonly #members: readonly TracestateMember[];

  /** Members with distinct keys, at most 32. */
  constructor(members: readonly TracestateMember[]) {
    this.#members = members;
  }

  /** The member comes first; one that must not be in a header changes nothing. */
  set(key: string, value: string): W3cTraceState {
    if (!isTracestateKey(key) || !isTracestateValue(value)) return this;
    const others = this.#members.filter((member) => member.key !== key);
    return new W3cTraceState([{ key, value }, ...others].slice(0, MAX_TRACESTATE_MEMBERS));
  }

  unset(key: string): W3cTraceState {
    return new W3cTraceState(this.#members.filter((member) => member.key !== key));
  }

  get(key: string): string | undefined {
    return this.#members.find((member) => member.key === key)?.value;
  }

  serialize(): string {
    return formatTracestate(this.#members);
  }
}

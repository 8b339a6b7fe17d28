import type { SpanRows } from "./analysis.ts";

/** OTLP's kinds of span that say on which side of a process border a span is. */
export const SPAN_KIND = { server: 2, client: 3, producer: 4, consumer: 5 } as const;

export const STATUS_OK = 1;
export const STATUS_ERROR = 2;

/** What a span does, as far as its time is concerned. */
export const ROLE = { plain: 0, step: 1, agent: 2, tool: 3, model: 4 } as const;

const ROLES: Readonly<Record<string, number>> = {
  llm: ROLE.model,
  embedding: ROLE.model,
  reranker: ROLE.model,
  tool: ROLE.tool,
  retriever: ROLE.tool,
  memory: ROLE.tool,
  agent: ROLE.agent,
};

/** `ROLE` of each row; every other type of an AI span is a step. Where no type is known, tool and model tell. */
export function spanRoles(trace: SpanRows): Uint8Array {
  const { dict, n, type, tool, model } = trace;
  const byType = dict.type.map((name) => (name === "" ? ROLE.plain : (ROLES[name] ?? ROLE.step)));
  const roles = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    const role = byType[type[row] ?? 0] ?? ROLE.plain;
    if (role !== ROLE.plain) roles[row] = role;
    else if (dict.tool[tool[row] ?? 0]) roles[row] = ROLE.tool;
    else if (dict.model[model[row] ?? 0]) roles[row] = ROLE.model;
  }
  return roles;
}

/** Whether what is called may be another process: another service, or the two ends of a call or message. */
export function crossesBorder(trace: SpanRows, caller: number, called: number): boolean {
  return trace.service[caller] !== trace.service[called] || isRemotePair(trace, caller, called);
}

function isRemotePair(trace: SpanRows, caller: number, called: number): boolean {
  return isCall(trace, caller, called) || (isSent(trace, caller) && isReceived(trace, called));
}

/** Client and server of one call, the one of which waits for the other. */
export function isCall(trace: SpanRows, caller: number, called: number): boolean {
  return trace.kind[caller] === SPAN_KIND.client && trace.kind[called] === SPAN_KIND.server;
}

export function isSent(trace: SpanRows, row: number): boolean {
  return trace.kind[row] === SPAN_KIND.producer;
}

export function isReceived(trace: SpanRows, row: number): boolean {
  return trace.kind[row] === SPAN_KIND.consumer;
}

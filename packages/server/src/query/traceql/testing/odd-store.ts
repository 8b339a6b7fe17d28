import type { PlainTrace } from "@clew/protocol/traceql/naive/plain-trace";
import { openEmbedded } from "../../../store/clickhouse-store.ts";
import { ingest } from "../../testing/ingest.ts";
import { openTestStore, type TestStore } from "../../testing/test-store.ts";
import { oddTraces } from "./odd-traces.ts";
import { resourceSpansOf } from "./plain-to-otlp.ts";
import { withStoredAgents } from "./stored-agents.ts";

export interface OddStore extends TestStore {
  /** As they are stored, oldest first. */
  readonly traces: readonly PlainTrace[];
}

/** A store with odd traces, brought in the way that the server does. */
export async function openOddStore(seed: number, count: number): Promise<OddStore> {
  const opened = await openTestStore(openEmbedded);
  const sent = oddTraces(seed, count);
  for (let at = 0; at < sent.length; at += 100) {
    const resourceSpans = sent.slice(at, at + 100).flatMap(resourceSpansOf);
    await ingest(opened.store, "traces", { resourceSpans });
  }
  return { ...opened, traces: await withStoredAgents(opened.store, sent) };
}

import type { Store } from "../../store/store.ts";
import { SCAN } from "../query-settings.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { EVER, newestSpans } from "./newest-spans.ts";
import { remoteName, type SpanMatch, spanMatchConditions } from "./span-match.ts";

/** Longer lists are of no use to anybody. */
const MOST_NAMES = 10_000;

/** Reading the attributes of more spans takes seconds. */
const MOST_SPANS = 1_000_000;

/** A list of names that takes longer than this much reading is cut short. */
export const SHORT_READ = { ...SCAN, max_rows_to_read: 50_000_000, read_overflow_mode: "break" } as const;

export interface Operation {
  readonly name: string;
  /** As OTLP numbers it. */
  readonly kind: number;
}

/** Names of all services, sorted; empty text among them when spans came without one. */
export async function knownServices(store: Store, signal?: AbortSignal): Promise<string[]> {
  return namesOf(store, "compatible-services", new Parameters(), {}, signal);
}

/** Names and kinds of the spans that match, sorted. Of more than 50 million spans some are not looked at. */
export function knownOperations(
  store: Store,
  match: Pick<SpanMatch, "service" | "ignoreCase">,
  signal?: AbortSignal,
): Promise<Operation[]> {
  const parameters = new Parameters();
  const condition = andAll(spanMatchConditions(match, [], parameters));
  return store.query<Operation>(statement("compatible-operations", { condition }), {
    parameters: { ...parameters.values, most: MOST_NAMES },
    settings: SHORT_READ,
    ...(signal && { signal }),
  });
}

/** Names of the services at the other end of the spans that match, sorted; of more than a million spans the newest. */
export async function knownRemoteServices(
  store: Store,
  match: Pick<SpanMatch, "service" | "ignoreCase">,
  signal?: AbortSignal,
): Promise<string[]> {
  const newest = await newestSpans(store, EVER, MOST_SPANS, signal);
  if (newest === undefined) return [];
  const parameters = new Parameters();
  const since = fragment`start_time >= fromUnixTimestamp64Nano(${parameters.bind("Int64", newest.fromNs)}, 'UTC')`;
  const condition = andAll([since, ...spanMatchConditions(match, [], parameters)]);
  const slots = { condition, remote: remoteName(parameters) };
  return namesOf(store, "compatible-remote-services", parameters, slots, signal);
}

async function namesOf(
  store: Store,
  name: string,
  parameters: Parameters,
  slots: Readonly<Record<string, SqlFragment>>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const rows = await store.query<{ name: string }>(statement(name, slots), {
    parameters: { ...parameters.values, most: MOST_NAMES },
    settings: SHORT_READ,
    ...(signal && { signal }),
  });
  return rows.map((row) => row.name);
}

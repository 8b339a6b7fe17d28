import { type BaggageMember, formatBaggage } from "@clew/protocol/context/baggage";
import {
  CORRELATION_KEYS,
  type CorrelationIds,
  type Lookup,
  mergeCorrelation,
} from "@clew/protocol/context/correlation";
import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  propagation,
} from "@opentelemetry/api";

interface Read {
  readonly ids: readonly (readonly [key: string, value: string])[];
  readonly header: string;
}

/** Which ids hold in a context: those of its baggage, and otherwise those of the process. */
export class Correlation {
  readonly #moreKeys: readonly string[];
  readonly #ofProcess: Lookup;
  readonly #withoutBaggage: Read;
  /** Baggage never changes, and all spans of a request have the same. */
  readonly #read = new WeakMap<Baggage, Read>();

  /** `moreKeys` are correlation keys beside those that always are. */
  constructor(ofProcess: CorrelationIds = {}, moreKeys: readonly string[] = []) {
    this.#moreKeys = moreKeys;
    this.#ofProcess = (key) => ofProcess[key];
    this.#withoutBaggage = this.#readBaggage(undefined);
  }

  /** Keys and values, in the order of the keys. */
  idsOf(context: Context): Read["ids"] {
    return this.#of(context).ids;
  }

  /** The `baggage` header for a request made in this context, its ids first; empty without any. */
  headerOf(context: Context): string {
    return this.#of(context).header;
  }

  #of(context: Context): Read {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined) return this.#withoutBaggage;
    let read = this.#read.get(baggage);
    if (read === undefined) {
      read = this.#readBaggage(baggage);
      this.#read.set(baggage, read);
    }
    return read;
  }

  #readBaggage(baggage: Baggage | undefined): Read {
    const ids = mergeCorrelation((key) => baggage?.getEntry(key)?.value, this.#ofProcess, this.#moreKeys);
    const members: BaggageMember[] = Object.entries(ids).map(([key, value]) => {
      const entry = baggage?.getEntry(key);
      return { key, value, properties: entry?.value === value ? propertiesOf(entry) : "" };
    });
    for (const [key, entry] of baggage?.getAllEntries() ?? []) {
      if (!Object.hasOwn(ids, key))
        members.push({ key, value: entry.value, properties: propertiesOf(entry) });
    }
    return { ids: Object.entries(ids), header: formatBaggage(members) };
  }
}

/** The context with these ids in its baggage; an id that is empty is left out. The name of another id goes. */
export function withCorrelationIds(context: Context, ids: CorrelationIds): Context {
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  const complete = mergeCorrelation((key) => ids[key], undefined, Object.keys(ids));
  for (const { key, nameKey } of CORRELATION_KEYS) {
    if (complete[key] !== undefined && nameKey !== undefined) baggage = baggage.removeEntry(nameKey);
  }
  for (const [key, value] of Object.entries(complete)) baggage = baggage.setEntry(key, { value });
  return propagation.setBaggage(context, baggage);
}

/** The context with these members in its baggage, over those it has already; the last of a key holds. */
export function withBaggageMembers(context: Context, members: readonly BaggageMember[]): Context {
  if (members.length === 0) return context;
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  for (const { key, value, properties } of members) {
    const metadata = properties === "" ? {} : { metadata: baggageEntryMetadataFromString(properties) };
    baggage = baggage.setEntry(key, { value, ...metadata });
  }
  return propagation.setBaggage(context, baggage);
}

function propertiesOf(entry: BaggageEntry): string {
  return entry.metadata?.toString() ?? "";
}

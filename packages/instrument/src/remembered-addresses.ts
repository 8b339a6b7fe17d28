import type { Attributes } from "@opentelemetry/api";

/** A process has few addresses; one that makes many does not get to fill the memory. */
const MOST = 100;

/** `read`, which says host and port of an address, asked once for each of the first addresses. */
export function rememberedAddresses(read: (address: string) => Attributes): (address: string) => Attributes {
  const known = new Map<string, Attributes>();
  return (address) => {
    let attributes = known.get(address);
    if (attributes === undefined) {
      attributes = read(address);
      if (known.size < MOST) known.set(address, attributes);
    }
    return attributes;
  };
}

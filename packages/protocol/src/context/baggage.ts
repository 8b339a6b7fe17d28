import { decodePercent, encodeForeign, encodePercent } from "./percent-encoding.ts";

/** One entry of a `baggage` header: W3C Baggage. */
export interface BaggageMember {
  /** A token of HTTP: case matters and nothing in it is encoded. */
  readonly key: string;
  /** Any text; may be empty. */
  readonly value: string;
  /** What follows the first `;` as it stands in the header, without spaces around it; empty without properties. */
  readonly properties: string;
}

export interface BaggageProperty {
  readonly key: string;
  /** Undefined for a property that is only a key. */
  readonly value: string | undefined;
}

/** What everybody has to pass on; more than this may be dropped, and is here, in whole members. */
export const MAX_BAGGAGE_MEMBERS = 64;
/** Of all members of a request together, with the commas between them. */
export const MAX_BAGGAGE_BYTES = 8192;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Members in their order, duplicates included: the last of a key is the one that holds. Several headers are one
 * list. A member without a key of the right form is left out, and so is all that exceeds the limits.
 */
export function parseBaggage(headers: string | readonly string[]): BaggageMember[] {
  const members: BaggageMember[] = [];
  let sizeBytes = -1;
  const text = typeof headers === "string" ? headers : headers.join(",");
  for (const part of text.split(",")) {
    const semicolon = part.indexOf(";");
    const pair = semicolon === -1 ? part : part.slice(0, semicolon);
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(equals, 0)).trim();
    if (!isBaggageKey(key)) continue;
    const member = {
      key,
      value: decodePercent(pair.slice(equals + 1).trim()),
      properties: semicolon === -1 ? "" : wireProperties(part.slice(semicolon + 1)),
    };
    const size = formatMember(member).length + 1;
    if (members.length === MAX_BAGGAGE_MEMBERS) break;
    if (sizeBytes + size > MAX_BAGGAGE_BYTES) continue;
    sizeBytes += size;
    members.push(member);
  }
  return members;
}

/** A header within the limits, from members in their order; those with a malformed key, and the last, are left out. */
export function formatBaggage(members: Iterable<BaggageMember>): string {
  const parts: string[] = [];
  let sizeBytes = -1;
  for (const member of members) {
    if (!isBaggageKey(member.key)) continue;
    const part = formatMember(member);
    if (parts.length === MAX_BAGGAGE_MEMBERS) break;
    if (sizeBytes + part.length + 1 > MAX_BAGGAGE_BYTES) continue;
    sizeBytes += part.length + 1;
    parts.push(part);
  }
  return parts.join(",");
}

export function isBaggageKey(text: string): boolean {
  return TOKEN.test(text);
}

/** Reads `BaggageMember.properties`; a property whose key has not the right form is left out. */
export function parseBaggageProperties(text: string): BaggageProperty[] {
  return text.split(";").flatMap((part) => {
    const equals = part.indexOf("=");
    const key = (equals === -1 ? part : part.slice(0, equals)).trim();
    if (!isBaggageKey(key)) return [];
    return [{ key, value: equals === -1 ? undefined : decodePercent(part.slice(equals + 1).trim()) }];
  });
}

/** For `BaggageMember.properties`. */
export function formatBaggageProperties(properties: Iterable<BaggageProperty>): string {
  return Array.from(properties, ({ key, value }) =>
    value === undefined ? key : `${key}=${encodePercent(value)}`,
  ).join(";");
}

function formatMember({ key, value, properties }: BaggageMember): string {
  const pair = `${key}=${encodePercent(value)}`;
  const rest = properties === "" ? "" : wireProperties(properties);
  return rest === "" ? pair : `${pair};${rest}`;
}

/** Properties without the spaces around their parts, and without those whose key is not of the right form. */
function wireProperties(text: string): string {
  const parts = text.split(";").map((part) => part.trim().replace(/[ \t]*=[ \t]*/, "="));
  return parts
    .filter((part) => isBaggageKey(part.split("=", 1)[0] ?? ""))
    .map(encodeForeign)
    .join(";");
}

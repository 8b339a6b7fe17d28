import type { AttributeScope } from "./ast.ts";
import { INTRINSICS, type IntrinsicInfo, type IntrinsicName } from "./intrinsics.ts";

/** Scopes that have attributes: `span.x`. */
export const ATTRIBUTE_SCOPES: readonly AttributeScope[] = [
  "span",
  "resource",
  "event",
  "link",
  "instrumentation",
];

/** The intrinsics with what is known of them. */
export const INTRINSIC_ENTRIES = Object.entries(INTRINSICS) as [IntrinsicName, IntrinsicInfo][];

/** Scopes that have intrinsics: `span:x`. */
export const INTRINSIC_SCOPES: readonly string[] = [
  ...new Set(INTRINSIC_ENTRIES.flatMap(([name]) => (name.includes(":") ? [name.split(":")[0]!] : []))),
];

/** Old names without a scope, to the intrinsics they mean. */
export const ALIASES: ReadonlyMap<string, IntrinsicName> = new Map(
  INTRINSIC_ENTRIES.flatMap(([name, info]) => (info.alias === undefined ? [] : [[info.alias, name]])),
);

/** Intrinsics that `parent.` may stand before: those of the span itself that have an old name. */
export function parentIntrinsic(name: string): IntrinsicName | undefined {
  const intrinsic = ALIASES.get(name);
  return intrinsic?.startsWith("span:") ? intrinsic : undefined;
}

/** What is known of an intrinsic. */
export function intrinsicInfo(name: IntrinsicName): IntrinsicInfo {
  return INTRINSICS[name];
}

/** The intrinsic with this very name, as `span:name`. */
export function intrinsicNamed(name: string): IntrinsicName | undefined {
  return Object.hasOwn(INTRINSICS, name) ? (name as IntrinsicName) : undefined;
}

import type { Field } from "./ast.ts";
import { printField } from "./print.ts";
import { intrinsicInfo } from "./scopes.ts";

/** What Tempo calls a field in the labels of series: an intrinsic by its old name where it has one, as `name`. */
export function fieldLabel(field: Field): string {
  if (field.kind === "attribute" || field.ofParent) return printField(field);
  // Tempo has no bare childCount.
  if (field.name === "span:childCount") return field.name;
  return intrinsicInfo(field.name).alias ?? field.name;
}

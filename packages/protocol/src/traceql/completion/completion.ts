import type { AttributeScope, Field } from "../ast.ts";

/** What may stand at a place of a query. */
export interface Completion {
  /** UTF-16 offsets between which a chosen text goes, in place of what stands there. */
  readonly start: number;
  readonly end: number;
  /** Best first; only those that go with what is written already. */
  readonly items: readonly CompletionItem[];
  /** What could be offered as well, if the caller knows it; undefined when `items` is all there is. */
  readonly wanted: WantedKeys | WantedValues | undefined;
}

export interface CompletionItem {
  readonly text: string;
  readonly kind: "field" | "scope" | "value" | "operator" | "function" | "bracket" | "hint";
  /** One line. */
  readonly about: string;
}

/** Names of attributes. `keyText` writes one out. */
export interface WantedKeys {
  readonly kind: "keys";
  readonly scope: AttributeScope | "any";
  readonly ofParent: boolean;
  /** What they have to start with. */
  readonly prefix: string;
}

/** Values of a field. `valueText` writes one out. */
export interface WantedValues {
  readonly kind: "values";
  readonly field: Field;
  /** What they have to start with; without the opening quote. */
  readonly prefix: string;
}

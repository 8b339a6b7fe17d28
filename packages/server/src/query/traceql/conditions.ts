import type { Attribute, Field, FieldExpression } from "@clew/protocol/traceql/ast";
import { andAll, anyOf, fragment, type Parameters, type SqlFragment } from "../sql.ts";
import { codedFaces, elementsOf, isStored, spanText, textValue } from "./attribute-sql.ts";
import type { AttributeTypes } from "./attribute-types.ts";
import { repeatedValue } from "./event-sql.ts";
import { asksWithin, chainOf, fieldsOf, isAlwaysBoolean } from "./fields-of.ts";
import { IS_ROOT, intrinsicValue } from "./intrinsic-sql.ts";
import type { InlinedOrigins } from "./origins-inlined.ts";
import { type RowFields, rowCondition } from "./row-condition.ts";
import { NIL, type SqlValue } from "./sql-value.ts";

/** What was asked of the store before conditions can be written. */
export interface Known {
  readonly types: AttributeTypes;
  /** By kind and key: what only the messages of resources and scopes tell. */
  readonly inlined: ReadonlyMap<string, InlinedOrigins>;
}

/** Which row a condition is for: the span's own, or its trace's root, which there may not be. */
export type Place = "own" | "root" | "noRoot";

export interface ConditionOptions {
  readonly known: Known;
  readonly parameters: Parameters;
  /** Whether attributes may stand in `content`. */
  readonly withContent: boolean;
  readonly place?: Place;
}

export const SERVICE_NAME = "service.name";

/** Writes conditions of `{ }` as conditions on rows of `spans`. */
export class Conditions {
  readonly #options: ConditionOptions;
  readonly #written = new Map<FieldExpression, SqlFragment | undefined>();

  constructor(options: ConditionOptions) {
    this.#options = options;
  }

  /** Where the expression is true; undefined when other spans, or the whole trace, have a say in that. */
  exact(expression: FieldExpression): SqlFragment | undefined {
    if (!this.#written.has(expression)) this.#written.set(expression, this.#exact(expression));
    return this.#written.get(expression);
  }

  /** Holds wherever the expression is true, and perhaps elsewhere. */
  atLeast(expression: FieldExpression): SqlFragment {
    return this.#bound(expression, true);
  }

  #bound(expression: FieldExpression, isUpper: boolean): SqlFragment {
    const exact = this.exact(expression);
    if (exact !== undefined) return exact;
    for (const operator of ["&&", "||"] as const) {
      if (expression.kind !== "binary" || expression.operator !== operator) continue;
      const parts = chainOf(expression, operator).map((part) => this.#bound(part, isUpper));
      return joined(operator, parts);
    }
    if (expression.kind === "unary" && expression.operator === "!" && isAlwaysBoolean(expression.operand)) {
      return fragment`NOT (${this.#bound(expression.operand, !isUpper)})`;
    }
    return isUpper ? fragment`true` : fragment`false`;
  }

  #exact(expression: FieldExpression): SqlFragment | undefined {
    if (expression.kind === "binary" && (expression.operator === "&&" || expression.operator === "||")) {
      const parts = chainOf(expression, expression.operator).map((part) => this.exact(part));
      const known = parts.filter((part) => part !== undefined);
      return known.length === parts.length ? joined(expression.operator, known) : undefined;
    }
    if (expression.kind === "unary" && expression.operator === "!" && isAlwaysBoolean(expression.operand)) {
      const operand = this.exact(expression.operand);
      return operand && fragment`NOT (${operand})`;
    }
    return this.#atom(expression);
  }

  #atom(expression: FieldExpression): SqlFragment | undefined {
    const { place = "own" } = this.#options;
    const asked = fieldsOf(expression);
    if (place === "own" && asked.some((field) => field.ofParent)) return undefined;
    const isRoot = asRootTest(expression);
    if (isRoot !== undefined) return isRoot;
    const homes = new Set(asked.map((field) => this.#home(field)));
    if (homes.size === 0) homes.add("span");
    const [home] = homes;
    if (home === undefined || homes.size > 1) return undefined;
    if (home === "span") return rowCondition(expression, this.#spanRow());
    const [field] = asked;
    if (field?.kind === "attribute" && asked.some((other) => (other as Attribute).name !== field.name))
      return undefined;
    // Within an origin only those are looked at that have the attribute.
    if (home !== "scopeRow" && asksWithin(expression)) return undefined;
    return home === "either"
      ? this.#either(expression, field as Attribute)
      : this.#ofOrigin(expression, home, field!);
  }

  /** Where a field is told: `either` by the span, else by its resource. */
  #home(field: Field): "span" | "resource" | "scope" | "scopeRow" | "either" | undefined {
    const { types } = this.#options.known;
    if (field.kind === "intrinsic") {
      if (field.name.startsWith("instrumentation:")) return "scopeRow";
      return this.#intrinsic(field) === undefined ? undefined : "span";
    }
    switch (field.scope) {
      case "resource":
        return isServiceColumn(field, types) || types.of("resource", field.name) === "" ? "span" : "resource";
      case "instrumentation":
        return types.of("scope", field.name) === "" ? "span" : "scope";
      case "any": {
        if (types.of("resource", field.name) === "") return "span";
        if (types.of("span", field.name) === "") return this.#home({ ...field, scope: "resource" });
        return "either";
      }
      default:
        return "span";
    }
  }

  #spanRow(): RowFields {
    const { parameters, withContent } = this.#options;
    return {
      parameters,
      valueOf: (field) => this.#spanValue(field),
      // What stands in `content` is in no index.
      isIndexed: (field) => field.kind === "intrinsic" || (!withContent && this.#isOwnAttribute(field)),
    };
  }

  #isOwnAttribute({ scope, name }: Attribute): boolean {
    return (scope === "span" || scope === "any") && this.#options.known.types.of("span", name) !== "";
  }

  #spanValue(field: Field): SqlValue | undefined {
    if (field.kind === "intrinsic") return this.#intrinsic(field);
    const { known, parameters, withContent } = this.#options;
    const { types } = known;
    const { name, scope } = field;
    if (scope === "event" || scope === "link")
      return repeatedValue(scope, name, types.of(scope, name), parameters);
    if (this.#isOwnAttribute(field)) {
      const codes = types.of("span", name);
      return textValue(spanText(name, codes, withContent, parameters), codes);
    }
    return isServiceColumn(field, types) ? SERVICE : NIL;
  }

  #intrinsic(field: Field & { readonly kind: "intrinsic" }): SqlValue | undefined {
    const { place = "own" } = this.#options;
    if (place !== "own" && (field.name === "trace:rootName" || field.name === "trace:rootService")) {
      const ofRoot = field.name === "trace:rootName" ? fragment`name` : fragment`service_name`;
      return { faces: { string: { value: place === "root" ? ofRoot : fragment`''` } } };
    }
    return place === "own" ? intrinsicValue(field.name) : undefined;
  }

  #either(expression: FieldExpression, field: Attribute): SqlFragment | undefined {
    const { known, parameters, withContent } = this.#options;
    const codes = known.types.of("span", field.name);
    const there = isStored(spanText(field.name, codes, withContent, parameters), codes);
    const own = rowCondition(expression, this.#spanRow());
    const ofResource = this.#ofOrigin(expression, "resource", field);
    if (own === undefined || ofResource === undefined) return undefined;
    if (expression.kind === "exists") {
      return expression.negated ? fragment`(${own} AND ${ofResource})` : fragment`(${own} OR ${ofResource})`;
    }
    return fragment`((${own}) OR (NOT (${there}) AND ${ofResource}))`;
  }

  #ofOrigin(
    expression: FieldExpression,
    home: "resource" | "scope" | "scopeRow",
    field: Field,
  ): SqlFragment | undefined {
    const { parameters, known } = this.#options;
    if (home === "scopeRow") {
      const row = { parameters, isIndexed: never, valueOf: scopeValue };
      const holds = rowCondition(expression, row);
      return holds && fragment`scope_id IN (SELECT scope_id FROM scopes WHERE ${holds})`;
    }
    const { name } = field as Attribute;
    if (home === "resource" && isServiceColumn(field, known.types)) {
      return rowCondition(expression, { parameters, isIndexed: never, valueOf: () => SERVICE });
    }
    const inlined = known.inlined.get(`${home} ${name}`);
    const isNegated = expression.kind === "exists" && expression.negated;
    const id = home === "resource" ? fragment`resource_id` : fragment`scope_id`;
    const asked = isNegated ? { ...expression, negated: false } : expression;
    const row = inlined === undefined ? resourceRow(name, known, parameters) : INLINED;
    const holds = rowCondition(asked, { parameters, isIndexed: never, valueOf: () => row });
    if (holds === undefined) return undefined;
    const ids =
      inlined === undefined
        ? fragment`SELECT resource_id FROM resources WHERE ${holds}`
        : fragment`SELECT tupleElement(origin, 1) FROM (SELECT arrayJoin(arrayZip(${parameters.bind("Array(UInt64)", inlined.ids)}, ${parameters.bind("Array(String)", inlined.codes)})) AS origin) WHERE ${holds}`;
    return isNegated ? fragment`${id} NOT IN (${ids})` : fragment`${id} IN (${ids})`;
  }
}

const never = () => false;

const SERVICE: SqlValue = {
  faces: { string: { value: fragment`service_name`, when: fragment`service_name != ''`, isBlankElse: true } },
};

const INLINED: SqlValue = {
  faces: codedFaces(fragment`tupleElement(origin, 2)`),
  several: {
    when: fragment`startsWith(tupleElement(origin, 2), 'a')`,
    elements: elementsOf(fragment`substring(tupleElement(origin, 2), 2)`),
    facesOf: codedFaces,
    firstCounts: false,
  },
};

/** Whether the field is `service.name` of the resource, which spans have as a column; what is no text there counts as one. */
export function isServiceColumn(field: Field, types: AttributeTypes): boolean {
  if (field.kind !== "attribute" || field.name !== SERVICE_NAME) return false;
  const isOfResource =
    field.scope === "resource" || (field.scope === "any" && types.of("span", SERVICE_NAME) === "");
  return isOfResource && types.of("resource", SERVICE_NAME) !== "";
}

function resourceRow(key: string, { types }: Known, parameters: Parameters): SqlValue {
  const name = parameters.bind("String", key);
  const stored = { text: fragment`attributes[${name}]`, there: fragment`mapContains(attributes, ${name})` };
  return textValue(stored, types.of("resource", key));
}

function scopeValue(field: Field): SqlValue | undefined {
  if (field.kind !== "intrinsic") return undefined;
  const value = field.name === "instrumentation:name" ? fragment`name` : fragment`version`;
  return { faces: { string: { value } } };
}

/** `nestedSetParent < 0` and what means the same: only roots are below 0 there. */
function asRootTest(expression: FieldExpression): SqlFragment | undefined {
  if (expression.kind !== "binary") return undefined;
  const { operator, left, right } = expression;
  if (left.kind !== "intrinsic" || left.name !== "nestedSetParent" || left.ofParent) return undefined;
  if (right.kind !== "literal" || right.type !== "int") return undefined;
  const isRoot = IS_ROOT;
  switch (`${operator} ${right.value}`) {
    case "< 0":
    case "<= -1":
    case "= -1":
      return isRoot;
    case ">= 0":
    case "> -1":
    case "!= -1":
      return fragment`NOT (${isRoot})`;
    default:
      return undefined;
  }
}

function joined(operator: "&&" | "||", parts: readonly SqlFragment[]): SqlFragment {
  return operator === "||" ? fragment`(${anyOf(parts)})` : fragment`(true${andAll(parts)})`;
}

import { fragment, type Parameters } from "../sql.ts";
import { codedFaces, elementsOf } from "./attribute-sql.ts";
import { NIL, type SqlValue } from "./sql-value.ts";

/** An attribute of the events, or of the links, of a row of `spans`: all that have it, elements of arrays one by one. */
export function repeatedValue(
  scope: "event" | "link",
  key: string,
  types: string,
  parameters: Parameters,
): SqlValue {
  if (types === "") return NIL;
  const known = codedTexts(scope, key, parameters);
  const elements = types.includes("a")
    ? fragment`arrayFlatten(arrayMap(coded -> if(startsWith(coded, 'a'), ${elementsOf(fragment`substring(coded, 2)`)}, [coded]), ${known}))`
    : known;
  return {
    faces: {},
    several: { when: fragment`notEmpty(${known})`, elements, facesOf: codedFaces, firstCounts: true },
  };
}

/** What each event or link has of an attribute, as coded texts; those that lack it are left out. */
export function codedTexts(scope: "event" | "link", key: string, parameters: Parameters) {
  const name = parameters.bind("String", key);
  const coded = fragment`if(has(mapKeys(map), ${name}), concat(substring(types, indexOf(mapKeys(map), ${name}), 1), map[${name}]), '')`;
  const lists =
    scope === "event"
      ? fragment`events.attributes, events.attribute_types`
      : fragment`links.attributes, links.attribute_types`;
  return fragment`arrayFilter(coded -> NOT (coded IN ('', 'n')), arrayMap((map, types) -> ${coded}, ${lists}))`;
}

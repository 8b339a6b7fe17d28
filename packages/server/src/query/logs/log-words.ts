import { andAll, fragment, type Parameters, type SqlFragment } from "../sql.ts";

/** The words of a text; each has to occur. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(/\s+/).filter((word) => word !== ""))];
}

/**
 * Rows of `logs` in which every word occurs, as part of a word too and in any case of letters: in the body, the
 * event's name or a value of an attribute.
 */
export function hasWords(words: readonly string[], parameters: Parameters): SqlFragment {
  const all = words.map((word) => {
    const part = parameters.bind("String", word);
    return fragment`positionCaseInsensitiveUTF8(body, ${part}) > 0
      OR positionCaseInsensitiveUTF8(event_name, ${part}) > 0
      OR arrayExists(value -> positionCaseInsensitiveUTF8(value, ${part}) > 0, mapValues(attributes))
      OR arrayExists(value -> positionCaseInsensitiveUTF8(value, ${part}) > 0, mapValues(content))`;
  });
  return fragment`true${andAll(all)}`;
}

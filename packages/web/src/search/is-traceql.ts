/** A filter, a bracket, a stage that may come first, or a number that is calculated or compared with. */
const BEGIN =
  /^\s*(?:[{(]|(?:count|min|max|avg|sum|by|select|coalesce)\s*\(|-?\d[\d.a-zµ]*\s*[-+*/^%<>=!]{1,2}.*(?:\{|[a-z]\())/s;

/** Whether a text is meant as TraceQL, right or wrong, and not as words to look for. */
export function isTraceQl(text: string): boolean {
  return BEGIN.test(text);
}

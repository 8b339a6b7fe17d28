/** Patterns run on names of at most this many characters; the rest of a longer name is not looked at. */
export const MAX_NAME = 200;
const MAX_PATTERN = 300;
/** Each multiplies the work by the length of the name. */
const MAX_REPEATS = 3;

/**
 * Compiles a pattern of the price table, for names in any case. Returns what is wrong instead when it is no
 * regular expression, or one that could run for long: repetition of anything but a single character or class,
 * more than three repetitions, look-around and back references.
 */
export function compilePattern(source: string): RegExp | { readonly problem: string } {
  if (source.length > MAX_PATTERN) return { problem: `is longer than ${MAX_PATTERN} characters` };
  const problem = slowness(source);
  if (problem !== "") return { problem };
  try {
    return new RegExp(source, "i");
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function slowness(source: string): string {
  let repeats = 0;
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (character === "\\") {
      i++;
      if (/[1-9k]/.test(source[i] ?? "")) return "uses a back reference";
    } else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(" && /^\(\?(=|!|<)/.test(source.slice(i, i + 3)))
      return "looks around with (?=, (?! or (?<";
    else if (character === "*" || character === "+" || character === "{") {
      if (source[i - 1] === ")" && source[i - 2] !== "\\") return "repeats a group";
      if (++repeats > MAX_REPEATS) return `has more than ${MAX_REPEATS} repetitions`;
    }
  }
  return "";
}

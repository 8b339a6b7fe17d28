const MAX_LENGTH = 4096;

/** Comments, strings and numbers; what is quoted by `"` is a string in MySQL and a name everywhere else. */
const POSTGRES =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\b[eExXbB]?'(?:''|\\[\s\S]|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|"(?:""|[^"])*"|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|(?<![\w$.])(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)\b/g;
const MYSQL =
  /--\s[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\b[xXbBnN]?'(?:''|\\[\s\S]|[^'\\])*(?:'|$)|'(?:''|\\[\s\S]|[^'\\])*(?:'|$)|"(?:""|\\[\s\S]|[^"\\])*(?:"|$)|`[^`]*`|(?<![\w$.])(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)\b/g;

/**
 * A statement without the values in it, which may be anybody's data: literals become `?`, comments go. Placeholders
 * and names stay. At most 4,096 characters.
 */
export function sqlWithoutValues(sql: string, dialect: "postgresql" | "mysql"): string {
  const isName = dialect === "mysql" ? "`" : '"';
  const pattern = dialect === "mysql" ? MYSQL : POSTGRES;
  // What is cut off inside a literal would end as one that never ends, and is masked as such.
  return sql
    .slice(0, MAX_LENGTH)
    .replace(pattern, (found) => {
      if (found.startsWith(isName)) return found;
      return /^(?:--|\/\*|#)/.test(found) ? "" : "?";
    })
    .trim();
}

/** The statement's first word in capital letters, such as `SELECT`; empty for none. */
export function sqlOperation(sql: string): string {
  return /^[\s(]*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*([a-zA-Z]+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
}

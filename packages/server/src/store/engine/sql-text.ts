/**
 * What the engine process must know about a statement before it runs it. None of this parses SQL: literals,
 * quoted names and comments are blanked out, and what is left is looked at.
 */

const OPAQUE =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|--[^\n]*|#[! ][^\n]*|\/\*[\s\S]*?\*\//g;

/** The text with every literal, quoted name and comment replaced by as many spaces: offsets stay the same. */
export function blankOpaque(sql: string): string {
  return sql.replace(OPAQUE, (text) => " ".repeat(text.length));
}

export interface Statement {
  /** `read` runs beside other reads; `write` runs alone, in the order sent. */
  readonly kind: "read" | "write";
  /**
   * Whether the engine can hand out the result piece by piece. It could for a scalar subquery as well, but
   * would compute that on the thread that has to answer everybody else.
   */
  readonly streams: boolean;
  /** Where `FORMAT name` ends an INSERT whose rows come in the body; undefined for any other statement. */
  readonly insertFormat: { readonly start: number; readonly name: string } | undefined;
  /** Names in `{name:Type}`. */
  readonly parameters: ReadonlySet<string>;
  /** Whether a second statement follows. */
  readonly multiple: boolean;
}

const READS = new Set(["select", "with", "show", "describe", "desc", "explain", "exists", "values"]);

/** Looks at one statement. */
export function describeStatement(sql: string): Statement {
  const code = blankOpaque(sql);
  const first = /[a-z]+/i.exec(code)?.[0].toLowerCase() ?? "";
  const insert = first === "insert" ? /\bformat\s+(\w+)\s*;?\s*$/i.exec(code) : null;
  const parameters = new Set<string>();
  for (const match of code.matchAll(/\{\s*(\w+)\s*:/g)) parameters.add(match[1]!);
  return {
    kind: READS.has(first) ? "read" : "write",
    streams: (first === "select" || first === "with") && !hasScalarSubquery(code),
    insertFormat: insert === null ? undefined : { start: insert.index, name: insert[1]! },
    parameters,
    multiple: /;[\s\S]*[^\s;]/.test(code),
  };
}

/** Whether a SELECT stands where a value does, not behind IN, FROM, JOIN, EXISTS or as the body of a CTE. */
function hasScalarSubquery(code: string): boolean {
  for (const match of code.matchAll(/(\w*)\s*\((?=[\s(]*(?:select|with)\b)/gi)) {
    if (!/^(in|from|join|exists|as|all|any|distinct|except|intersect)$/i.test(match[1]!)) return true;
  }
  return false;
}

/** A string literal of ClickHouse's SQL. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replaceAll("\0", "\\0")}'`;
}

/**
 * How tightly operators bind within `{ }`, as in Tempo. Note that `&&` and `||` bind alike, from left to right, and
 * that a sign binds looser than `*`: `-a * b` is `-(a * b)`, `!a * b` is `!(a * b)`.
 */
export const FIELD_PRECEDENCE: Readonly<Record<string, number>> = {
  "&&": 1,
  "||": 1,
  "=": 2,
  "!=": 2,
  "<": 2,
  "<=": 2,
  ">": 2,
  ">=": 2,
  "=~": 2,
  "!~": 2,
  "+": 3,
  "-": 3,
  "*": 5,
  "/": 5,
  "%": 5,
  "^": 6,
};

/** Precedence of a sign in front: its operand takes in what binds tighter. */
export const SIGN_PRECEDENCE: Readonly<Record<"-" | "!", number>> = { "-": 3, "!": 4 };

/** The same outside `{ }`, where the operators between spansets bind like comparisons. */
export const SPANSET_PRECEDENCE: Readonly<Record<string, number>> = {
  ...FIELD_PRECEDENCE,
  ">>": 2,
  "<<": 2,
  "~": 2,
  "!>": 2,
  "!<": 2,
  "!>>": 2,
  "!<<": 2,
  "&>": 2,
  "&<": 2,
  "&>>": 2,
  "&<<": 2,
  "&~": 2,
};

/** What can be shown where the output goes. */
export interface Screen {
  /** Columns; lines are fitted to it. */
  readonly width: number;
  readonly color: boolean;
  /** False where only ASCII is safe. */
  readonly unicode: boolean;
  /** A person reads along, so that progress and shortened ids make sense. */
  readonly isTerminal: boolean;
}

export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Lines of output that is not a terminal are as wide as this where they have to be fitted. */
const WIDTH_ELSEWHERE = 120;
const NARROWEST = 40;

/** Reads `NO_COLOR` (https://no-color.org), `TERM` and the locale. */
export function screenOf(output: OutputStream, env: Readonly<NodeJS.ProcessEnv>): Screen {
  const isTerminal = output.isTTY === true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return {
    width: Math.max(NARROWEST, (isTerminal ? output.columns : undefined) ?? WIDTH_ELSEWHERE),
    color: isTerminal && !env.NO_COLOR && env.TERM !== "dumb",
    unicode: /utf-?8/i.test(locale),
    isTerminal,
  };
}

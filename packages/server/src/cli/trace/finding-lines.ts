import type { Severity, TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { printable } from "../../printable.ts";
import { paint, type Style } from "../screen/paint.ts";
import { many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { wordWrapped } from "../screen/word-wrap.ts";

const MOST_FINDINGS = 20;
const LONGEST_TEXT = 1000;

const MARKS: Readonly<Record<Severity, readonly [unicode: string, ascii: string, style: Style]>> = {
  error: ["✗", "x", "red"],
  warning: ["!", "!", "yellow"],
  info: ["·", "-", "dim"],
};

/** What is worth a look, the gravest first; nothing where there is nothing. */
export function findingLines({ findings }: TraceAnalysis, screen: Screen): string[] {
  if (findings.length === 0) return [];
  const lines = findings.slice(0, MOST_FINDINGS).flatMap(({ severity, kind, text }) => {
    const [unicode, ascii, style] = MARKS[severity];
    const said = printable(text.slice(0, LONGEST_TEXT)).replaceAll("µs", screen.unicode ? "µs" : "us");
    return wordWrapped(`${kind}: ${said}`, screen.width - 4).map((line, at) =>
      at === 0 ? `  ${paint(screen, style, screen.unicode ? unicode : ascii)} ${line}` : `    ${line}`,
    );
  });
  const left = findings.length - MOST_FINDINGS;
  return [
    "",
    paint(screen, "bold", "Findings"),
    ...lines,
    ...(left > 0 ? [paint(screen, "dim", `  ${many(left, "more finding")}; --json has all`)] : []),
  ];
}

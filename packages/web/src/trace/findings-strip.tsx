import type { Finding } from "@clew/protocol/analysis/analysis";
import { useId, useState } from "react";
import { Icon } from "../elements/icon.tsx";
import { exact, many } from "../format/quantities.ts";
import { spansOf, stepIn } from "./finding-walk.ts";
import css from "./findings-strip.module.css";
import { textOf } from "./span-facts.ts";
import type { AnalysedTrace } from "./use-analysis.ts";

interface FindingsStripProps {
  readonly analysed: AnalysedTrace;
  /** Row of the selected span in the analysed trace; -1 for none. */
  readonly selected: number;
  readonly onShow: (span: number) => void;
}

/** Room for more would only be shared out among them; the list has all. */
const MOST_CHIPS = 3;
const MOST_LISTED = 100;

/** What is worth a look in the trace, the gravest first; each click leads to the next span it is about. */
export function FindingsStrip({ analysed, selected, onShow }: FindingsStripProps) {
  const { findings } = analysed.analysis;
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  if (findings.length === 0) return null;
  const walk = (finding: Finding): void => {
    const next = stepIn(spansOf(finding), selected, 1);
    if (next !== undefined) onShow(next);
  };
  const left = findings.length - MOST_LISTED;
  return (
    <section aria-label="Findings" className={css.findings}>
      <div className={css.strip}>
        {!isOpen &&
          findings
            .slice(0, MOST_CHIPS)
            .map((finding, at) => (
              <Chip
                key={`${finding.kind} ${at}`}
                finding={finding}
                selected={selected}
                onWalk={() => walk(finding)}
              />
            ))}
        {isOpen && <h2>{many(findings.length, "finding")}</h2>}
        <button
          type="button"
          className={css.all}
          aria-expanded={isOpen}
          aria-controls={isOpen ? listId : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "Close" : findings.length === 1 ? "More" : `All ${exact(findings.length)}`}
          <Icon name={isOpen ? "up" : "down"} />
        </button>
      </div>
      {isOpen && (
        <ol id={listId} className={css.list}>
          {findings.slice(0, MOST_LISTED).map((finding, at) => (
            <li key={`${finding.kind} ${at}`} data-severity={finding.severity}>
              <Icon name="error" />
              <p>
                <strong>{finding.kind}</strong> {finding.text}
              </p>
              <Ways analysed={analysed} finding={finding} selected={selected} onShow={onShow} />
            </li>
          ))}
          {left > 0 && <li>{many(left, "more finding")}</li>}
        </ol>
      )}
    </section>
  );
}

interface ChipProps {
  readonly finding: Finding;
  readonly selected: number;
  readonly onWalk: () => void;
}

function Chip({ finding, selected, onWalk }: ChipProps) {
  const spans = spansOf(finding);
  const at = spans.indexOf(selected);
  return (
    <button
      type="button"
      className={css.chip}
      data-severity={finding.severity}
      data-active={at >= 0}
      title={finding.text}
      onClick={onWalk}
    >
      <Icon name="error" />
      <strong>{finding.kind}</strong>
      <span>{finding.text}</span>
      {spans.length > 1 && <small>{at >= 0 ? `${at + 1}/${spans.length}` : `×${spans.length}`}</small>}
    </button>
  );
}

interface WaysProps {
  readonly analysed: AnalysedTrace;
  readonly finding: Finding;
  readonly selected: number;
  readonly onShow: (span: number) => void;
}

/** The spans of a finding: of an error by what they have to do with it, else one after the other. */
function Ways({ analysed, finding, selected, onShow }: WaysProps) {
  const name = (span: number): string => textOf(analysed.trace, "name", span) || "(no name)";
  const step = (spans: readonly number[], word: string) => {
    const [first] = spans;
    if (first === undefined) return null;
    const at = spans.indexOf(selected);
    return (
      <button type="button" onClick={() => onShow(stepIn(spans, selected, 1) ?? first)} data-active={at >= 0}>
        {word} <span>{name(at >= 0 ? selected : first)}</span>
        {spans.length > 1 && <small> {at >= 0 ? `${at + 1}/${spans.length}` : `×${spans.length}`}</small>}
      </button>
    );
  };
  if (finding.kind !== "error") return <div className={css.ways}>{step(finding.spans, "Show")}</div>;
  return (
    <div className={css.ways}>
      {step(finding.spans, "Began in")}
      {step(finding.carriedBy, "Carried by")}
      {finding.swallowedBy >= 0 && step([finding.swallowedBy], "Swallowed by")}
    </div>
  );
}

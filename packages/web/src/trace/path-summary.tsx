import { TIME_KINDS, type TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { duration } from "../format/quantities.ts";
import css from "./path-summary.module.css";

/** What the critical path consists of; the legend of its colours as well. */
export function PathSummary({ analysis }: { readonly analysis: TraceAnalysis }) {
  const { totals } = analysis.criticalPath;
  const wholeUs = analysis.clock.toUs - analysis.clock.fromUs;
  const kinds = TIME_KINDS.filter((kind) => totals[kind] > 0).sort((a, b) => totals[b] - totals[a]);
  return (
    <section aria-label="Critical path" className={css.summary}>
      <strong>Critical path</strong>
      <span className={css.bar} aria-hidden="true">
        {kinds.map((kind) => (
          <span key={kind} data-kind={kind} style={{ flexGrow: totals[kind] }} />
        ))}
      </span>
      <ul>
        {kinds.map((kind) => (
          <li key={kind} title={duration(totals[kind] / 1000)}>
            <i data-kind={kind} aria-hidden="true" />
            {kind} <b>{shareText(totals[kind], wholeUs)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shareText(us: number, wholeUs: number): string {
  const percent = wholeUs > 0 ? (100 * us) / wholeUs : 0;
  return percent > 0 && percent < 0.5 ? "<1 %" : `${Math.round(percent)} %`;
}

import { lineDifference } from "@clew/protocol/analysis/comparison/compare-traces";
import { duration, many } from "../format/quantities.ts";
import { changeText, lineName, whoOf } from "./change-words.ts";
import type { Compared } from "./compared.ts";
import { signed } from "./signed.ts";
import css from "./verdict.module.css";

interface VerdictProps {
  readonly compared: Compared;
  /** Lines that have changed. */
  readonly differences: number;
  readonly onShow: (line: number) => void;
}

/** Where the traces parted, and where most of the difference in time comes from, each a key away. */
export function Verdict({ compared, differences, onShow }: VerdictProps) {
  const { firstDivergence, timeDifference, count } = compared.comparison;
  const time =
    timeDifference < 0
      ? 0
      : lineDifference(compared.a, compared.b, compared.comparison, timeDifference).durationUs;
  return (
    <div className={css.verdict}>
      {firstDivergence < 0 ? (
        <p className={css.alike}>
          Both did the same{count > 0 && `, in ${many(count, "span")}`}
          {timeDifference < 0 && "; only times, tokens and what was said may differ"}.
        </p>
      ) : (
        <button
          type="button"
          className={css.found}
          title="Show it (d)"
          onClick={() => onShow(firstDivergence)}
        >
          <b>First divergence</b>
          <span>
            <Where compared={compared} line={firstDivergence} />: {changeText(compared, firstDivergence)}
          </span>
          <kbd>d</kbd>
        </button>
      )}
      {timeDifference >= 0 && (
        <button
          type="button"
          className={css.found}
          title="Show it (m)"
          onClick={() => onShow(timeDifference)}
        >
          <b>Where the time went</b>
          <span>
            <Where compared={compared} line={timeDifference} />: {signed(time, (us) => duration(us / 1000))}
          </span>
          <kbd>m</kbd>
        </button>
      )}
      {differences > 1 && (
        <p className={css.count}>
          {many(differences, "difference")}; <kbd>n</kbd> walks through them
        </p>
      )}
    </div>
  );
}

function Where({ compared, line }: { readonly compared: Compared; readonly line: number }) {
  const who = whoOf(compared, line);
  return (
    <>
      <bdi className={css.name}>{lineName(compared, line)}</bdi>
      {who !== "" && (
        <>
          {" "}
          of <bdi>{who}</bdi>
        </>
      )}
    </>
  );
}

import { CopyButton } from "../elements/copy-button.tsx";
import css from "./settings-page.module.css";

const WAYS: readonly (readonly [what: string, command: string])[] = [
  ["One trace as OTLP/JSON", "clew export last -o trace.json"],
  ["A day of traces, one document a line", "clew export --since 1d --format jsonl -o yesterday.jsonl"],
  ["All log records as protobuf", "clew export --all --signal logs --format protobuf -o logs.pb"],
  ["Take one in again, here or elsewhere", "clew import trace.json"],
];

/** How what is stored gets out, as it was sent. */
export function ExportWays() {
  const url = `${location.origin}/api/v1/export/traces?trace=last`;
  return (
    <div className={css.card}>
      <ul className={css.ways}>
        {[...WAYS, ["The same without the command", `curl -o trace.json '${url}'`] as const].map(
          ([what, command]) => (
            <li key={command}>
              <span>{what}</span>
              <div>
                <code>{command}</code>
                <CopyButton label="Copy" text={() => command} />
              </div>
            </li>
          ),
        )}
      </ul>
      <p className={css.aside}>
        A single span is copied as OTLP from the Raw tab of its details. In a checkout, write npm run clew --
        in place of clew.
      </p>
    </div>
  );
}

import { Icon, type IconName } from "../elements/icon.tsx";
import type { Severity } from "./severity.ts";
import css from "./severity-mark.module.css";

const LOOKS: Readonly<Record<Severity, readonly [icon: IconName, word: string]>> = {
  fatal: ["fatal", "Fatal"],
  error: ["error", "Error"],
  warn: ["warning", "Warn"],
  info: ["info", "Info"],
  debug: ["internal", "Debug"],
  trace: ["internal", "Trace"],
  unset: ["internal", "Log"],
};

export function severityWord(severity: Severity): string {
  return LOOKS[severity][1];
}

/** How severe: a sign and a word. `text` is what the source calls it. */
export function SeverityMark({
  severity,
  text = "",
}: {
  readonly severity: Severity;
  readonly text?: string;
}) {
  const [icon, word] = LOOKS[severity];
  const isOther = text !== "" && text.toLowerCase() !== word.toLowerCase();
  return (
    <span className={css.mark} data-severity={severity} title={isOther ? `${word}: ${text}` : word}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

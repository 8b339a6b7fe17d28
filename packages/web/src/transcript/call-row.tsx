import { Icon } from "../elements/icon.tsx";
import { bytes, duration } from "../format/quantities.ts";
import { TextOrJson } from "../span/text-or-json.tsx";
import css from "./call-row.module.css";
import { Failure } from "./notes.tsx";
import { valueText } from "./row-text.ts";
import type { CallRow as Row } from "./transcript-rows.ts";

interface CallRowProps {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

const LINE = 240;

/** A tool that was called, with what it was given and what it returned: a line each until it is opened. */
export function CallRow({ row, isOpen, onToggle }: CallRowProps) {
  const { name, tool, result, leftOut } = row;
  const given = line(row.arguments);
  return (
    <div className={css.call} data-failed={tool?.error !== undefined}>
      <button type="button" className={css.head} aria-expanded={isOpen} onClick={onToggle}>
        <Icon name="chevron" />
        <span className={css.icon}>
          <Icon name="tool" />
        </span>
        <code className={css.name}>{name}</code>
        {!isOpen && <span className={css.given}>{given}</span>}
        {tool !== undefined && (
          <small>{tool.isRunning === true ? "running" : duration(tool.durUs / 1000)}</small>
        )}
      </button>
      {isOpen ? (
        <div className={css.parts}>
          <Part what="Arguments" value={row.arguments} />
          <Part what="Result" value={result} />
          {leftOut > 0 && <p className={css.none}>{bytes(leftOut)} more in the span's details.</p>}
        </div>
      ) : (
        result !== undefined && (
          <p className={css.result}>
            <Icon name="client" />
            <span className={css.text}>{line(result)}</span>
          </p>
        )
      )}
      {tool?.error !== undefined && <Failure step={tool} />}
    </div>
  );
}

function Part({ what, value }: { readonly what: string; readonly value: unknown }) {
  return (
    <div>
      <p className={css.what}>{what}</p>
      {value === undefined ? <p className={css.none}>Not recorded</p> : <TextOrJson value={value} />}
    </div>
  );
}

function line(value: unknown): string {
  return valueText(value).slice(0, LINE).replace(/\s+/g, " ");
}

import { plainValue } from "@clew/protocol/genai/plain-value";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { useState } from "react";
import { many } from "../format/quantities.ts";
import css from "./attribute-list.module.css";
import { TextOrJson } from "./text-or-json.tsx";

/** So many can be read without looking for one. */
const FILTER_FROM = 12;

interface AttributeListProps {
  readonly attributes: readonly KeyValue[];
  /** How many the sender left out. */
  readonly dropped?: number;
}

/** Attributes in the order sent. */
export function AttributeList({ attributes, dropped = 0 }: AttributeListProps) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const shown = attributes.filter(
    ({ key = "", value }) =>
      wanted === "" ||
      key.toLowerCase().includes(wanted) ||
      JSON.stringify(value ?? "")
        .toLowerCase()
        .includes(wanted),
  );
  return (
    <>
      {attributes.length >= FILTER_FROM && (
        <input
          className={css.filter}
          type="text"
          aria-label="Filter attributes"
          placeholder="Filter"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {attributes.length === 0 && <p className={css.none}>None.</p>}
      {attributes.length > 0 && shown.length === 0 && <p className={css.none}>None fits.</p>}
      <dl className={css.list}>
        {shown.map(({ key, value }, at) => (
          <div key={at}>
            <dt>{key}</dt>
            <dd>
              <TextOrJson value={plainValue(value) ?? ""} />
            </dd>
          </div>
        ))}
      </dl>
      {dropped > 0 && <p className={css.none}>{many(dropped, "attribute")} left out by the sender.</p>}
    </>
  );
}

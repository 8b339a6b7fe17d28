import { parsed } from "@clew/protocol/genai/plain-value";
import { useMemo } from "react";
import { JsonView } from "./json-view.tsx";
import { LongText } from "./long-text.tsx";
import css from "./text-or-json.module.css";

/** Text as text, everything else as a tree; text that holds a JSON object or list as a tree too. */
export function TextOrJson({ value }: { readonly value: unknown }) {
  const inner = useMemo(() => parsed(value), [value]);
  if (typeof inner === "object" && inner !== null) return <JsonView value={inner} />;
  if (typeof value !== "string") return <JsonView value={value} />;
  return (
    <p className={css.text}>
      <LongText text={value} />
    </p>
  );
}

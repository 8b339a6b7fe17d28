import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { useMemo } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import { LongText } from "./long-text.tsx";
import css from "./raw-span.module.css";
import { spanAsOtlp } from "./span-as-otlp.ts";

/** The span as OTLP/JSON, to read and to take away. */
export function RawSpan({ detail }: { readonly detail: SpanDetail }) {
  const text = useMemo(() => JSON.stringify(spanAsOtlp(detail), null, 2), [detail]);
  return (
    <>
      <div className={css.actions}>
        <CopyButton label="Copy OTLP JSON" variant="plain" text={() => text} />
        <span>
          <code>{detail.spanId}</code>
        </span>
      </div>
      <pre className={css.raw}>
        <LongText text={text} />
      </pre>
    </>
  );
}

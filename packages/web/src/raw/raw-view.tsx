import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api } from "../api/client.ts";
import { Button, IconButton } from "../elements/button.tsx";
import { CopyButton } from "../elements/copy-button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { bytes, exact } from "../format/quantities.ts";
import type { LanesViewProps } from "../lanes/view-props.ts";
import { go, withQuery } from "../location/place.ts";
import { JsonView } from "../span/json-view.tsx";
import { LongText } from "../span/long-text.tsx";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { DOWNLOADS, download } from "./download.ts";
import { pageOf, rawPages } from "./raw-pages.ts";
import css from "./raw-view.module.css";

/** Spans of a page. With long prompts that is a lot of text already. */
const PAGE = 50;
/** Down to the spans. */
const OPEN_DEPTH = 6;

/** The trace as it was sent: OTLP/JSON, page by page, and all of it to take away. */
export function RawView({ analysed, grid, place, selected }: LanesViewProps) {
  const { trace } = analysed;
  useFocusAtFirst(grid);
  const pages = useMemo(() => rawPages(trace, PAGE), [trace]);
  const asked = Number(place.query.get("page")) - 1;
  const at = pages[asked] === undefined ? pageOf(pages, selected) : asked;
  const page = pages[at];
  const isText = place.query.get("as") === "text";
  const { data, error, refetch } = useQuery({
    queryKey: ["raw", trace.traceId, page?.from, page?.to, page?.count],
    queryFn: async ({ signal }) => {
      const { from = "", to = "" } = page ?? {};
      const body = await api.export("traces", { traces: [trace.traceId], from, to }, { signal });
      const value: unknown = await new Response(body).json();
      return { value, text: JSON.stringify(value, null, 2) };
    },
    enabled: page !== undefined,
  });
  const show = (changes: Readonly<Record<string, string | undefined>>): void =>
    go(withQuery(place, changes), { replace: true });
  const total = trace.truncated?.total ?? trace.n;
  return (
    <div className={css.view}>
      <div className={css.bar}>
        <div role="group" aria-label="Shown as" className={css.choice}>
          <button type="button" aria-pressed={!isText} onClick={() => show({ as: undefined })}>
            Tree
          </button>
          <button type="button" aria-pressed={isText} onClick={() => show({ as: "text" })}>
            Text
          </button>
        </div>
        {pages.length > 1 && (
          <span className={css.pages}>
            <IconButton
              icon="chevron"
              className={css.back}
              label="Earlier spans"
              disabled={at === 0}
              onClick={() => show({ page: String(at) })}
            />
            <span role="status">
              Spans {exact((page?.first ?? 0) + 1)} to {exact((page?.first ?? 0) + (page?.count ?? 0))} of{" "}
              {exact(total)}
            </span>
            <IconButton
              icon="chevron"
              label="Later spans"
              disabled={at >= pages.length - 1}
              onClick={() => show({ page: String(at + 2) })}
            />
          </span>
        )}
        {data !== undefined && (
          <CopyButton
            label={`Copy ${pages.length > 1 ? "page" : "OTLP JSON"} (${bytes(data.text.length)})`}
            variant="plain"
            text={() => data.text}
          />
        )}
        <Downloads traceId={trace.traceId} />
      </div>
      <div ref={grid} className={css.body} role="region" aria-label="OTLP JSON" tabIndex={0}>
        {error !== null ? (
          <Trouble error={error} again={() => void refetch()} />
        ) : data === undefined ? (
          <p className={css.waiting} role="status">
            Reading the spans
          </p>
        ) : isText ? (
          <pre className={css.text}>
            <LongText key={at} text={data.text} />
          </pre>
        ) : (
          <JsonView key={at} value={data.value} openDepth={OPEN_DEPTH} />
        )}
      </div>
    </div>
  );
}

function Downloads({ traceId }: { readonly traceId: string }) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<string>();
  return (
    <span className={css.downloads} role="group" aria-label="Download the whole trace">
      <span>Download</span>
      {DOWNLOADS.map(({ format, label, file }) => (
        <Button
          key={format}
          icon="down"
          disabled={busy !== undefined}
          aria-busy={busy === format}
          onClick={() => {
            setError(undefined);
            setBusy(format);
            download(traceId, format, file)
              .catch(setError)
              .finally(() => setBusy(undefined));
          }}
        >
          {label}
        </Button>
      ))}
      {error !== undefined && <Trouble error={error} />}
    </span>
  );
}

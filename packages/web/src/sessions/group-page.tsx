import { ApiError } from "@clew/protocol/api/api-error";
import type { TraceGroupDetail } from "@clew/protocol/api/trace-group";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { type Tab, Tabs } from "../elements/tabs.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { useNow } from "../format/now.ts";
import { exact, many } from "../format/quantities.ts";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { rememberList } from "../traces/last-list.ts";
import { Marking } from "../traces/marking.tsx";
import type { GroupKind } from "./group-address.ts";
import { GroupHeader } from "./group-header.tsx";
import { KINDS } from "./group-kinds.ts";
import css from "./group-page.module.css";
import { GroupSkeleton } from "./group-skeleton.tsx";
import { GroupTimeline } from "./group-timeline.tsx";
import { lastGroupList } from "./last-group-list.ts";
import { NoSuchGroup } from "./no-such-group.tsx";
import { layOut } from "./timeline-layout.ts";
import { TurnTable } from "./turn-table.tsx";
import { useRowKeys } from "./use-row-keys.ts";

const GroupConversation = lazy(async () => ({
  default: (await import("./group-conversation.tsx")).GroupConversation,
}));

const AGAIN_MS = 5000;
/** So much longer for each trace: many take the server a while. */
const AGAIN_EACH_MS = 20;
/** One that was active so recently may go on. */
const RECENT_MS = 5 * 60_000;
/** The newest traces of which the server tells what was asked and answered. */
const PREVIEWED = 100;

interface GroupPageProps {
  readonly kind: GroupKind;
  readonly id: string;
  readonly place: Place;
}

/** One session or task: its sums, its traces in time, and what was said in them. */
export function GroupPage({ kind, id, place }: GroupPageProps) {
  const { name, get } = KINDS[kind];
  const { data, error, refetch } = useQuery({
    queryKey: [kind, id],
    queryFn: ({ signal }) => get(id, { signal }),
    refetchInterval: ({ state }) => (state.status === "error" ? false : againIn(state.data)),
  });
  useTitle(`${name} ${id}`);
  // Who opens a trace comes back here.
  useEffect(() => rememberList(place), [place]);
  useKeys({ Escape: () => go(lastGroupList(kind)) });
  const again = (): void => void refetch();
  return (
    <div className={css.page}>
      {error instanceof ApiError && error.status === 404 ? (
        <NoSuchGroup kind={kind} id={id} again={again} />
      ) : (
        <>
          {data === undefined && (
            <h1 className={css.title}>
              {name} {id}
            </h1>
          )}
          {error !== null && <Trouble error={error} again={again} />}
          {data === undefined && error === null && <GroupSkeleton />}
          {data !== undefined && <Group kind={kind} group={data} place={place} />}
        </>
      )}
    </div>
  );
}

/** False for one that has come to an end. */
function againIn(group: TraceGroupDetail | undefined): number | false {
  if (group === undefined) return false;
  const mayGoOn = Date.now() - group.lastMs < RECENT_MS || group.traces.some(({ isRunning }) => isRunning);
  return mayGoOn && AGAIN_MS + group.traces.length * AGAIN_EACH_MS;
}

interface GroupProps {
  readonly kind: GroupKind;
  readonly group: TraceGroupDetail;
  readonly place: Place;
}

/** By their name in the page's address; the first needs none. */
const VIEWS: readonly Tab[] = [
  { id: "traces", label: "Traces" },
  { id: "conversation", label: "Conversation" },
];

function Group({ kind, group, place }: GroupProps) {
  const { traces, truncated } = group;
  const nowMs = useNow(AGAIN_MS);
  const rows = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string>();
  const timeline = useMemo(() => layOut(traces), [traces]);
  useRowKeys(rows);
  const view = place.query.get("v") === "conversation" ? "conversation" : "traces";
  return (
    <>
      <GroupHeader kind={kind} group={group} nowMs={nowMs} />
      {truncated && (
        <p className={css.note}>
          {many(truncated.total, "trace")} belong to it; the newest {exact(truncated.shown)} are shown.
        </p>
      )}
      <GroupTimeline traces={traces} timeline={timeline} pointed={pointed} onPoint={setPointed} />
      <div ref={rows}>
        <Tabs
          label="Shown as"
          tabs={VIEWS}
          chosen={view}
          onChoose={(next) => go(withQuery(place, { v: next === "traces" ? undefined : next }))}
        >
          {view === "traces" ? (
            <TurnTable
              kind={kind}
              traces={traces}
              pauses={timeline.pauses}
              nowMs={nowMs}
              pointed={pointed}
              onPoint={setPointed}
            />
          ) : (
            <Suspense>
              <GroupConversation traces={traces} pauses={timeline.pauses} nowMs={nowMs} />
            </Suspense>
          )}
        </Tabs>
        <Marking />
      </div>
      {view === "traces" && traces.length > PREVIEWED && (
        <p className={css.foot}>
          What was asked and answered is told of the newest {PREVIEWED} traces; open an earlier one to read
          it.
        </p>
      )}
    </>
  );
}

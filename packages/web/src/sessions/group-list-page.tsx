import { useEffect, useRef } from "react";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { useNow } from "../format/now.ts";
import { exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { useTitle } from "../shell/use-title.ts";
import { EmptyList } from "../traces/list-states.tsx";
import type { GroupKind } from "./group-address.ts";
import { GroupFilter } from "./group-filter.tsx";
import { KINDS } from "./group-kinds.ts";
import css from "./group-list-page.module.css";
import { GroupSkeleton } from "./group-skeleton.tsx";
import { GroupTable } from "./group-table.tsx";
import { HowToGiveAnId } from "./how-to-give-an-id.tsx";
import { rememberGroupList } from "./last-group-list.ts";
import { listConditions, useGroupList } from "./use-group-list.ts";
import { useRowKeys } from "./use-row-keys.ts";

const AGO_MS = 5000;

interface GroupListPageProps {
  readonly kind: GroupKind;
  readonly place: Place;
}

/** All sessions, or all tasks, newest activity first. */
export function GroupListPage({ kind, place }: GroupListPageProps) {
  const { name, names } = KINDS[kind];
  const { list, error, isOld, again } = useGroupList(kind, place.query);
  const nowMs = useNow(AGO_MS);
  const search = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  useTitle(names);
  useEffect(() => rememberGroupList(kind, place), [kind, place]);
  useKeys({ "/": () => search.current?.focus() });
  useRowKeys(rows);
  const { id, from, to, cursor } = listConditions(place.query);
  const items = list?.items ?? [];
  return (
    <div className={css.page}>
      <h1>{names}</h1>
      <GroupFilter kind={kind} place={place} search={search} />
      {error !== null && <Trouble error={error} again={again} />}
      {list === undefined && error === null && <GroupSkeleton />}
      {list !== undefined && items.length === 0 && (
        <NothingListed
          kind={kind}
          place={place}
          isFiltered={(id ?? from ?? to) !== undefined}
          cursor={cursor}
        />
      )}
      {items.length > 0 && (
        <div ref={rows} className={css.list} data-old={isOld}>
          <GroupTable kind={kind} items={items} nowMs={nowMs} />
        </div>
      )}
      {list !== undefined && items.length > 0 && (
        <footer className={css.foot}>
          <span role="status">
            {exact(items.length)} shown, found in {exact(list.tookMs)} ms
          </span>
          {cursor !== undefined && <Link href={withQuery(place, { cursor: undefined })}>Newest</Link>}
          {list.nextCursor !== undefined && (
            <Link href={withQuery(place, { cursor: list.nextCursor })} rel="next">
              Older {name.toLowerCase()}s
            </Link>
          )}
        </footer>
      )}
    </div>
  );
}

interface NothingListedProps extends GroupListPageProps {
  readonly isFiltered: boolean;
  readonly cursor: string | undefined;
}

function NothingListed({ kind, place, isFiltered, cursor }: NothingListedProps) {
  if (cursor !== undefined) {
    return (
      <EmptyList
        title={`There are no older ${kind}s`}
        action={<Link href={withQuery(place, { cursor: undefined })}>Newest {kind}s</Link>}
      >
        The list ended with the page before.
      </EmptyList>
    );
  }
  if (!isFiltered) return <HowToGiveAnId kind={kind} />;
  return (
    <EmptyList
      title={`No ${kind} fits`}
      action={<Button onClick={() => go(place.path)}>Show all {kind}s</Button>}
    >
      None whose id contains this, in any case of letters, was active in that time.
    </EmptyList>
  );
}

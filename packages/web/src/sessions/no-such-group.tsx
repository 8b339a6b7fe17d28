import { Button } from "../elements/button.tsx";
import { Link } from "../location/link.tsx";
import { withQuery } from "../location/place.ts";
import type { GroupKind } from "./group-address.ts";
import { KINDS } from "./group-kinds.ts";
import css from "./no-such-group.module.css";

interface NoSuchGroupProps {
  readonly kind: GroupKind;
  readonly id: string;
  readonly again: () => void;
}

/** No trace carries the id: where to look instead. */
export function NoSuchGroup({ kind, id, again }: NoSuchGroupProps) {
  const { attribute } = KINDS[kind];
  const list = { path: `/${kind}s`, query: new URLSearchParams() };
  return (
    <div className={css.missing} role="alert">
      <h1>No {kind} has this id</h1>
      <p className={css.id}>
        <code>{id}</code>
      </p>
      <p>
        No stored trace carries it as <code>{attribute}</code>. It may have been written differently, not have
        arrived yet, or be older than what is kept.
      </p>
      <p className={css.ways}>
        <Button onClick={again}>Look again</Button>
        <Link href={withQuery(list, { id })}>{KINDS[kind].names} whose id contains it</Link>
        <Link href={list.path}>All {kind}s</Link>
      </p>
    </div>
  );
}

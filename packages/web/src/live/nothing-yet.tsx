import { Link } from "../location/link.tsx";
import { EmptyList } from "../traces/list-states.tsx";

/** Said until the first trace comes. */
export function NothingYet({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyList title="Nothing fits yet" action={<Link href="/live">Watch all traces</Link>}>
      A trace appears here as soon as one comes for which all conditions hold.
    </EmptyList>
  ) : (
    <EmptyList title="Waiting for traces" action={<Link href="/welcome">How to send some</Link>}>
      They appear here by themselves, a moment after they were sent.
    </EmptyList>
  );
}

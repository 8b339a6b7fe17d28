import { Icon } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import { compareAddress } from "./compare-address.ts";
import css from "./compare-link.module.css";

/** Leads from a trace to where it is chosen what to compare it with. */
export function CompareLink({ traceId }: { readonly traceId: string }) {
  return (
    <Link href={compareAddress({ b: traceId })} className={css.link} title="Compare with another trace">
      <Icon name="compare" />
      Compare
    </Link>
  );
}

import { ListSkeleton } from "../traces/list-states.tsx";
import css from "./logs-page.module.css";

/** Where the page will be while its code is loaded. */
export function LogsSkeleton() {
  return (
    <div className={css.page}>
      <ListSkeleton label="Loading records" />
    </div>
  );
}

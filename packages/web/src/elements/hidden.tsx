import type { ReactNode } from "react";
import css from "./hidden.module.css";

/** Text that is read out and takes no room: what others see by a sign, a colour or a place. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={css.hidden}>{children}</span>;
}

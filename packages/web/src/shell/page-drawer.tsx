import { useEffect, useRef } from "react";
import { IconButton } from "../elements/button.tsx";
import { usePlace } from "../location/place.ts";
import css from "./page-drawer.module.css";
import { PageLinks } from "./page-links.tsx";

/** The pages where there is no room for the side bar. */
export function PageDrawer({ onClose }: { readonly onClose: () => void }) {
  const { path } = usePlace();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={css.drawer}
      aria-label="All pages"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <nav aria-label="Pages" className={css.inside}>
        <div className={css.head}>
          <img src="/icon.svg" alt="" width="22" height="22" />
          <span>Clew</span>
          <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
        </div>
        <PageLinks path={path} onFollow={() => dialog.current?.close()} />
      </nav>
    </dialog>
  );
}

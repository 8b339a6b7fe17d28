import { useEffect, useState } from "react";
import { IconButton } from "../elements/button.tsx";
import { copyText } from "../elements/copy-button.tsx";
import css from "./share-button.module.css";

const SAID_MS = 1600;

/** Copies the address, which holds all that decides what is shown. */
export function ShareButton() {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const share = async (): Promise<void> =>
    setSaid((await copyText(location.href)) ? "Link copied" : "Copying is not allowed here");
  return (
    <span className={css.share}>
      <IconButton icon="link" label="Copy a link to this page" onClick={() => void share()} />
      <span role="status" className={css.said}>
        {said}
      </span>
    </span>
  );
}

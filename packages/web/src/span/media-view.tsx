import type { MediaPart } from "@clew/protocol/genai/message";
import { useState } from "react";
import { Button } from "../elements/button.tsx";
import { bytes } from "../format/quantities.ts";
import css from "./media-view.module.css";

/** Kinds of image that cannot hold a program. */
const SAFE_IMAGE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;

/** An image or file. One that was sent along is shown on demand; one that is elsewhere is named and never fetched. */
export function MediaView({ part }: { readonly part: MediaPart }) {
  const [isShown, setShown] = useState(false);
  const what = part.mediaType || part.type;
  if (part.data !== "" && SAFE_IMAGE.test(part.mediaType)) {
    if (isShown)
      return (
        <img
          className={css.image}
          src={`data:${part.mediaType};base64,${part.data}`}
          alt="Part of the message"
        />
      );
    return (
      <Button onClick={() => setShown(true)}>
        Show image ({what}, {bytes(Math.floor((part.data.length * 3) / 4))})
      </Button>
    );
  }
  const where = part.url || part.fileId;
  return (
    <p className={css.named}>
      {what}
      {part.data !== "" && `, ${bytes(Math.floor((part.data.length * 3) / 4))}`}
      {where !== "" && <code>{where.slice(0, 300)}</code>}
      {part.data === "" && where === "" && ", not recorded"}
    </p>
  );
}

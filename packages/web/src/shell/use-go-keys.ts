import { useRef } from "react";
import { go } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";

/** So long after `g` a key is one of a page. */
const WAIT_MS = 2000;

/** `g` and then the key of a page goes there. */
export function useGoKeys(hrefs: Readonly<Record<string, string>>): void {
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  const pages = Object.entries(hrefs).map(([key, href]) => [
    key,
    (event: KeyboardEvent) => {
      const isSecond = event.timeStamp - pressedAt.current < WAIT_MS;
      pressedAt.current = Number.NEGATIVE_INFINITY;
      if (isSecond) go(href);
      return isSecond;
    },
  ]);
  useKeys({
    ...Object.fromEntries(pages),
    g: ({ timeStamp }) => {
      pressedAt.current = timeStamp;
    },
  });
}

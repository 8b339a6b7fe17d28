import { useEffect, useState } from "react";
import { go, type Place, withQuery } from "../location/place.ts";

/** Browsers limit how often the address may change; keys that are held down and wheels change faster. */
const WRITE_MS = 150;

/** A parameter of the page's address that changes at once and is written a moment later. Undefined when it is not there. */
export function useWritten(
  place: Place,
  name: string,
): readonly [string | undefined, (value: string | undefined) => void] {
  const written = place.query.get(name) ?? undefined;
  const [value, setValue] = useState(written);
  const [seen, setSeen] = useState(written);
  if (seen !== written) {
    setSeen(written);
    setValue(written);
  }
  useEffect(() => {
    if (value === written) return;
    const timer = setTimeout(() => go(withQuery(place, { [name]: value }), { replace: true }), WRITE_MS);
    return () => clearTimeout(timer);
  }, [value, written, place, name]);
  return [value, setValue];
}

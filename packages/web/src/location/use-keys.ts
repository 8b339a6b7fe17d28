import { useEffect, useEffectEvent } from "react";
import { LETTER_KEYS } from "../settings/preferences.ts";

interface KeysOptions {
  /** Only for what nothing else on the page takes. */
  readonly isLast?: boolean;
}

type Listener = (event: KeyboardEvent, name: string) => void;

/** In the order in which they are asked. */
const listeners: { readonly asked: Listener; readonly isLast: boolean }[] = [];

/** Whether keys are text here, or choose. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.altKey || document.querySelector("dialog[open]") !== null) return;
  const isChord = event.ctrlKey || event.metaKey;
  // While somebody types, chords are all that is no text.
  if (!isChord && isTyping(event.target)) return;
  // WCAG 2.1.4: single characters can be switched off, since dictation and a slip of the hand press them too.
  if (!isChord && event.key.length === 1 && LETTER_KEYS.value === "off") return;
  const name = isChord ? `mod+${event.key.toLowerCase()}` : event.key;
  for (const { asked } of [...listeners]) {
    if (event.defaultPrevented) return;
    asked(event, name);
  }
}

/**
 * Calls the function of a key wherever the focus is, but not while somebody types, nor behind an open dialog. `mod+k`
 * is k with ctrl or meta; it is heard while somebody types as well. A function that returns false leaves the key to
 * whoever is asked next, at last to the browser.
 */
export function useKeys(
  keys: Readonly<Record<string, (event: KeyboardEvent) => unknown>>,
  { isLast = false }: KeysOptions = {},
): void {
  const onKey = useEffectEvent((event: KeyboardEvent, name: string) => {
    const action = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (action !== undefined && action(event) !== false) event.preventDefault();
  });
  useEffect(() => {
    const entry = { asked: (event: KeyboardEvent, name: string) => onKey(event, name), isLast };
    const firstLast = listeners.findIndex((other) => other.isLast);
    if (listeners.length === 0) addEventListener("keydown", onKeyDown);
    if (isLast || firstLast < 0) listeners.push(entry);
    else listeners.splice(firstLast, 0, entry);
    return () => {
      listeners.splice(listeners.indexOf(entry), 1);
      if (listeners.length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, [isLast]);
}

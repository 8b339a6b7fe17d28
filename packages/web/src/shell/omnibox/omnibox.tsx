import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../../elements/icon.tsx";
import { commands } from "./commands.ts";
import { type Entry, sectionsFor } from "./entries.ts";
import css from "./omnibox.module.css";
import { OmniboxList, optionId } from "./omnibox-list.tsx";
import { recentIds } from "./recent-ids.ts";
import { useResolved } from "./use-resolved.ts";

interface OmniboxProps {
  /** What stands in it at first. */
  readonly typed: string;
  readonly onClose: () => void;
  readonly showKeys: () => void;
}

/** One box for ids, searches and commands. */
export function Omnibox({ typed, onClose, showKeys }: OmniboxProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(typed);
  const [pasted, setPasted] = useState<string>();
  const [active, setActive] = useState(0);
  const [isAwaited, setAwaited] = useState(false);
  const { items, isPending } = useResolved(text, pasted);
  const [recent] = useState(recentIds);
  const known = useMemo(
    () => ({ commands: commands(showKeys), recent, resolved: items }),
    [items, recent, showKeys],
  );
  const sections = useMemo(() => sectionsFor(text, known), [text, known]);
  const entries = sections.flatMap((section) => section.entries);
  const at = Math.min(active, entries.length - 1);

  useEffect(() => {
    dialog.current?.showModal();
    const end = input.current?.value.length ?? 0;
    input.current?.setSelectionRange(end, end);
  }, []);
  const take = (entry: Entry): void => {
    dialog.current?.close();
    // The dialog's own word of it comes later, and would close one that is opened meanwhile.
    onClose();
    entry.run();
  };
  // Enter came before the answer.
  useEffect(() => {
    if (!isAwaited || isPending) return;
    setAwaited(false);
    const [first] = entries;
    if (first !== undefined) take(first);
  });
  const edit = (value: string): void => {
    setText(value);
    setActive(0);
    setAwaited(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const last = entries.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    };
    const next = moves[event.key];
    const chosen = entries[at];
    if (next !== undefined) setActive(Math.max(0, next));
    else if (event.key !== "Enter") return;
    else if (isPending && at <= 0) setAwaited(true);
    else if (chosen !== undefined) take(chosen);
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-label="Jump, search or command"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className={css.box}>
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Jump, search or command"
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? optionId(id, at) : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="Any id, words, { TraceQL }, or > for commands"
          value={text}
          onChange={({ target }) => edit(target.value)}
          onPaste={(event) => setPasted(pastedInto(event.currentTarget, event.clipboardData.getData("text")))}
          onKeyDown={onKeyDown}
        />
        <kbd>Esc</kbd>
      </div>
      <OmniboxList id={id} sections={sections} active={at} onActive={setActive} onTake={take} />
      <p className={css.note} role="status">
        {isPending ? "Looking for this id …" : told(entries.length, text)}
      </p>
    </dialog>
  );
}

/** What the box will hold. */
function pastedInto({ value, selectionStart, selectionEnd }: HTMLInputElement, text: string): string {
  const before = value.slice(0, selectionStart ?? value.length);
  return before + text.replaceAll(/[\r\n]/g, "") + value.slice(selectionEnd ?? value.length);
}

function told(count: number, text: string): string {
  if (count > 0) return "";
  return text.trim().startsWith(">") ? "No command is called so." : "Nothing stored has this id.";
}

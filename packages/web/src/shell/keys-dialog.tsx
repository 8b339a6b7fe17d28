import { useEffect, useRef } from "react";
import { IconButton } from "../elements/button.tsx";
import css from "./keys-dialog.module.css";
import { ALL_PAGES } from "./pages.ts";

type Row = readonly [keys: readonly string[], does: string];

const GROUPS: readonly { readonly title: string; readonly rows: readonly Row[] }[] = [
  {
    title: "Everywhere",
    rows: [
      [["Ctrl/⌘", "K"], "Jump to any id, search, or command"],
      [["/"], "Search of the page, else the same"],
      [[">"], "Commands"],
      [["b"], "Side bar with words, or only icons"],
      [["Shift", "D"], "Next theme"],
      [["t"], "Traces"],
      [["?"], "These shortcuts"],
    ],
  },
  {
    title: "Pages, one key after the other",
    rows: ALL_PAGES.flatMap(({ goKey, label }): Row[] =>
      goKey === undefined ? [] : [[["g", goKey], label]],
    ),
  },
  {
    title: "List of traces",
    rows: [
      [["j", "k"], "Next, previous trace"],
      [["Enter"], "Open"],
      [["l"], "Follow new traces, or stop"],
      [["x"], "Mark a trace to be compared; two are"],
      [["c"], "Compare the marked traces"],
      [["f"], "Show or hide what the list can be narrowed by"],
    ],
  },
  {
    title: "Live",
    rows: [
      [["."], "Pause, or go on"],
      [["j", "k"], "Next, previous trace; rows hold still meanwhile"],
      [["Enter"], "Open"],
    ],
  },
  {
    title: "Sessions and tasks",
    rows: [
      [["j", "k"], "Next, previous"],
      [["Enter"], "Open the session, task or trace"],
      [["Esc"], "Back to the list"],
    ],
  },
  {
    title: "Logs",
    rows: [
      [["j", "k"], "Next, previous record"],
      [["Enter"], "Open or close the record"],
      [["Esc"], "Close it"],
      [["l"], "Follow new records, or stop"],
    ],
  },
  {
    title: "Metrics",
    rows: [[["r"], "Ask again"]],
  },
  {
    title: "Map",
    rows: [
      [["→", "←", "↓", "↑"], "Along the calls, up and down"],
      [["Enter"], "Focus: only what is near"],
      [["Esc"], "The whole map"],
    ],
  },
  {
    title: "Compare",
    rows: [
      [["d"], "The first divergence"],
      [["m"], "Where most of the difference in time comes from"],
      [["n", "N"], "Next, previous difference"],
      [["1", "2", "3"], "Aligned, graph, time and figures"],
      [["[", "]"], "Only what differs, all spans"],
      [["x"], "Swap A and B"],
      [["c"], "Choose another trace"],
      [["Esc"], "Close what is open, then back"],
    ],
  },
  {
    title: "Trace",
    rows: [
      [["↓", "↑", "j", "k"], "Next, previous span"],
      [["→", "←"], "Open or close the spans below; child, parent"],
      [["Home", "End", "PgUp", "PgDn"], "First, last, by the page"],
      [["[", "]"], "Close, open all spans or lanes"],
      [["1", "2", "3", "4", "5", "6", "7"], "Waterfall, lanes, graph, transcript, flame, logs, raw"],
      [["m"], "Message of the transcript as Markdown, text, JSON"],
      [["e", "E"], "Along the errors, from where each began up to where it was swallowed; back"],
      [["c"], "Critical path"],
      [[".", ","], "Next, previous span of the same agent"],
      [["n", "N"], "Next, previous match"],
      [["+", "−", "0"], "Zoom in on the span, out, whole trace"],
      [["w", "s", "a", "d"], "Zoom in and out, move to earlier and later"],
      [["h"], "Heat: colour by duration, self time, tokens, cost"],
      [["x", "z"], "Fold repeats, fold idle time; or not"],
      [["J", "K"], "Next, previous trace of the list"],
      [["Enter"], "Into the span's details"],
      [["Esc"], "Back to the spans, then to the list"],
      [["i"], "Agents, models and tools only, or all"],
      [["y"], "Copy a link to the span"],
    ],
  },
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className={css.dialog} aria-labelledby="keys-title" onClose={onClose}>
      <div className={css.head}>
        <h2 id="keys-title">Keyboard shortcuts</h2>
        <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </div>
      <div className={css.groups}>
        {GROUPS.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([keys, does]) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

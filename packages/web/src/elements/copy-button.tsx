import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

const SAID_MS = 1500;

/** Copies what `text` returns when pressed, and says so. */
export function CopyButton({
  label,
  text,
  variant = "quiet",
}: {
  readonly label: string;
  readonly text: () => string;
  readonly variant?: "plain" | "quiet";
}) {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => setSaid((await copyText(text())) ? "Copied" : "Not allowed");
  return (
    <Button icon="copy" variant={variant} onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  );
}

/** False where the browser does not allow it. Pages that came over plain HTTP from another machine have no clipboard API. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

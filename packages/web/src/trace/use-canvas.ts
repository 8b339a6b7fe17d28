import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import { useTheme } from "../shell/theme.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The room inside an element in whole CSS pixels, as it is and as it changes; nothing at first. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize({ width: Math.round(width), height: Math.round(height) });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const dark = matchMedia("(prefers-color-scheme: dark)");

function onSchemeChange(listener: () => void): () => void {
  dark.addEventListener("change", listener);
  return () => dark.removeEventListener("change", listener);
}

/** Changes whenever what the tokens mean may have changed. */
export function useScheme(): string {
  const [theme] = useTheme();
  return `${theme} ${useSyncExternalStore(onSchemeChange, () => dark.matches)}`;
}

/** The colours of tokens as they are now, which a canvas cannot look up by itself. */
export function tokenColors<Token extends string>(
  near: HTMLElement,
  tokens: readonly Token[],
): Record<Token, string> {
  const probe = document.createElement("span");
  near.parentElement?.append(probe);
  const colors = tokens.map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(colors) as Record<Token, string>;
}

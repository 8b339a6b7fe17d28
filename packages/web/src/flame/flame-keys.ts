import type { FlameStep } from "./flame-sheet.ts";

const STEPS: Readonly<Record<string, FlameStep>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
  k: "up",
  j: "down",
};

/** The step that a key stands for. */
export function readStep(key: string): FlameStep | undefined {
  return Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
}

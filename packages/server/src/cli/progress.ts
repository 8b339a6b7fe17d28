import { formatByteSize } from "../config/byte-size.ts";
import type { Output } from "./shell.ts";
import { notesScreen, type Shell } from "./shell.ts";
import { timeBar } from "./trace/time-bar.ts";

const EVERY_MS = 100;
const BAR_WIDTH = 24;

/** One line that is drawn again and again; nothing at all where nobody looks. */
export class Progress {
  readonly #output: Output | undefined;
  readonly #unicode: boolean;
  readonly #width: number;
  #drawnAt = 0;
  #isShown = false;

  constructor(shell: Shell) {
    const screen = notesScreen(shell);
    this.#output = screen.isTerminal ? shell.notes : undefined;
    this.#unicode = screen.unicode;
    this.#width = screen.width;
  }

  /** `total` is 0 while it is not known. */
  bytes(label: string, done: number, total: number): void {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const bar =
      total > 0
        ? ` [${timeBar([{ from: 0, to: share }], BAR_WIDTH, this.#unicode)}] ${Math.floor(share * 100)} %`
        : "";
    this.text(`${label}${bar} ${formatByteSize(done)}`);
  }

  text(line: string): void {
    const now = performance.now();
    if (this.#output === undefined || (this.#isShown && now - this.#drawnAt < EVERY_MS)) return;
    this.#drawnAt = now;
    this.#isShown = true;
    this.#output.write(`\r\x1b[2K${line.slice(0, this.#width - 1)}`);
  }

  /** Leaves no trace of itself. */
  end(): void {
    if (this.#isShown) this.#output?.write("\r\x1b[2K");
    this.#isShown = false;
  }
}

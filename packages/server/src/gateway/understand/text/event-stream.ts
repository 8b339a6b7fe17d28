import { asBuffer } from "./read-json.ts";

const LF = 10;
const CR = 13;
const BOM = "\uFEFF";

/** A longer event is counted and passed over. Those that carry a whole answer with its pictures can be long. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;

/**
 * Server-sent events by the HTML standard, from bytes that may be split anywhere. Keeps no more than one event. An
 * event that the end of the stream leaves without its blank line is given too.
 */
export class EventStream {
  readonly #take: (data: string, type: string) => void;
  /** Bytes of a line whose end has not come. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #data: string | undefined;
  #type = "";
  #isFirst = true;
  /** The last byte was a carriage return, to which a line feed may belong. */
  #endsWithCr = false;
  /** The event, and the line of it, that is too long. */
  #skipsEvent = false;
  #skipsLine = false;
  tooLong = 0;

  constructor(take: (data: string, type: string) => void) {
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    let buffer = asBuffer(bytes);
    if (buffer.length === 0) return;
    if (this.#endsWithCr && buffer[0] === LF) buffer = buffer.subarray(1);
    this.#endsWithCr = buffer[buffer.length - 1] === CR;
    if (buffer.length === 0) return;
    const end = Math.max(buffer.lastIndexOf(LF), buffer.lastIndexOf(CR)) + 1;
    if (end === 0) {
      this.#hold(buffer);
      return;
    }
    // No byte of a character of several bytes is a line end, so that whole lines are whole characters.
    this.#lines(this.#unheld(buffer, end));
    if (end < buffer.length) this.#hold(buffer.subarray(end));
  }

  end(): void {
    if (this.#heldBytes > 0 || this.#skipsLine) {
      this.#endsWithCr = false;
      this.push(Buffer.from("\n"));
    }
    this.#dispatch();
  }

  #hold(bytes: Buffer): void {
    if (this.#skipsLine) return;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= MAX_EVENT_BYTES) this.#held.push(bytes);
    else {
      this.#forget();
      this.#skipsLine = true;
      this.#tooLong();
    }
  }

  #unheld(buffer: Buffer, end: number): string {
    if (this.#skipsLine) {
      this.#skipsLine = false;
      const first = buffer.findIndex((byte) => byte === LF || byte === CR);
      return buffer.toString(
        "utf8",
        buffer[first] === CR && buffer[first + 1] === LF ? first + 2 : first + 1,
        end,
      );
    }
    if (this.#heldBytes === 0) return buffer.toString("utf8", 0, end);
    const whole = Buffer.concat([...this.#held, buffer.subarray(0, end)]);
    this.#forget();
    return whole.toString();
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #lines(given: string): void {
    let text = given.includes("\r") ? given.replace(/\r\n?/g, "\n") : given;
    if (this.#isFirst && text.startsWith(BOM)) text = text.slice(1);
    this.#isFirst = false;
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf("\n", at);
      if (end === at) this.#dispatch();
      else this.#line(text, at, end);
      at = end + 1;
    }
  }

  #line(text: string, at: number, end: number): void {
    if (text.startsWith("data:", at)) this.#add(valueAt(text, at + 5, end));
    else if (text.startsWith("event:", at)) this.#type = valueAt(text, at + 6, end);
    else if (end - at === 4 && text.startsWith("data", at)) this.#add("");
  }

  #add(line: string): void {
    if (this.#skipsEvent) return;
    this.#data = this.#data === undefined ? line : `${this.#data}\n${line}`;
    if (this.#data.length > MAX_EVENT_BYTES) this.#tooLong();
  }

  #tooLong(): void {
    if (!this.#skipsEvent) this.tooLong++;
    this.#skipsEvent = true;
    this.#data = undefined;
  }

  #dispatch(): void {
    const data = this.#data;
    const type = this.#type;
    this.#data = undefined;
    this.#type = "";
    this.#skipsEvent = false;
    if (data !== undefined && data !== "") this.#take(data, type);
  }
}

/** One space after the colon belongs to it. */
function valueAt(text: string, at: number, end: number): string {
  return text.slice(text.charCodeAt(at) === 32 ? at + 1 : at, end);
}

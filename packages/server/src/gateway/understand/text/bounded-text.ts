/** No attribute holds more than 256 Ki of one text, what is said about its rest included. */
const MAX_LENGTH = 256 * 1024 - 64;

/** A text put together from pieces, of which the beginning is kept. */
export class BoundedText {
  #text = "";
  #more = 0;

  add(piece: unknown): void {
    if (typeof piece !== "string") return;
    const room = MAX_LENGTH - this.#text.length;
    if (piece.length <= room) this.#text += piece;
    else {
      this.#text += piece.slice(0, room);
      this.#more += piece.length - room;
    }
  }

  toString(): string {
    return this.#more === 0 ? this.#text : `${this.#text}… (${this.#more} more)`;
  }
}

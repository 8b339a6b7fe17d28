/** Gives every name the look of its line, the same in all charts of a page. */
export class Looks {
  readonly #byName = new Map<string, Map<string, number>>();

  /** `kind` is what the names are of: those of agents have nothing to do with those of models. */
  of(kind: string, name: string): number {
    let names = this.#byName.get(kind);
    if (names === undefined) {
      names = new Map();
      this.#byName.set(kind, names);
    }
    let look = names.get(name);
    if (look === undefined) {
      look = names.size;
      names.set(name, look);
    }
    return look;
  }
}

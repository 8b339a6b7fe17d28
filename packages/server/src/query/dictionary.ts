/** A column of texts as indexes into its distinct texts; index 0 is the empty text. */
export interface DictionaryColumn {
  readonly texts: readonly string[];
  readonly indexes: readonly number[];
}

/** Texts are numbered as they appear. */
export function dictionaryOf(column: readonly string[]): DictionaryColumn {
  const indexes = new Map([["", 0]]);
  const encoded = column.map((text) => {
    let index = indexes.get(text);
    if (index === undefined) {
      index = indexes.size;
      indexes.set(text, index);
    }
    return index;
  });
  return { texts: [...indexes.keys()], indexes: encoded };
}

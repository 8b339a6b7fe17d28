import type { KeyValue } from "@clew/protocol/otlp/model";

/** Attributes in the order in which they were added; a later value of a key takes the place of an earlier one. */
export class Attributes {
  readonly list: KeyValue[] = [];

  text(key: string, value: string | undefined): this {
    if (value !== undefined) this.#put({ key, value: { stringValue: value } });
    return this;
  }

  whole(key: string, value: number | undefined): this {
    if (value !== undefined) this.#put({ key, value: { intValue: String(value) } });
    return this;
  }

  double(key: string, value: number | undefined): this {
    if (value !== undefined) this.#put({ key, value: { doubleValue: value } });
    return this;
  }

  truth(key: string, value: boolean | undefined): this {
    if (value !== undefined) this.#put({ key, value: { boolValue: value } });
    return this;
  }

  texts(key: string, values: readonly string[]): this {
    const list = values.map((stringValue) => ({ stringValue }));
    if (values.length > 0) this.#put({ key, value: { arrayValue: { values: list } } });
    return this;
  }

  all(attributes: readonly KeyValue[]): this {
    for (const attribute of attributes) this.#put(attribute);
    return this;
  }

  #put(attribute: KeyValue): void {
    const at = this.list.findIndex(({ key }) => key === attribute.key);
    if (at === -1) this.list.push(attribute);
    else this.list[at] = attribute;
  }
}

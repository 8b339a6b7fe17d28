/** How a scalar is written on the wire and in JSON. `id` is protobuf `bytes` that JSON writes in hex. */
export type ScalarType =
  | "string"
  | "bool"
  | "double"
  | "int64"
  | "uint64"
  | "fixed64"
  | "sfixed64"
  | "int32"
  | "uint32"
  | "sint32"
  | "fixed32"
  | "enum"
  | "bytes"
  | "id";

/** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes; 3 and 4 are groups, which OTLP never used. */
export type WireType = 0 | 1 | 2 | 5;

/** A field as the tables of `schema.ts` write it. */
export interface FieldSpec {
  readonly number: number;
  readonly type: ScalarType | "message";
  readonly message?: Message;
  readonly repeated?: boolean;
  /** Kept even with its default: a member of a oneof, or proto3 `optional`. */
  readonly presence?: "oneof" | "optional";
  /** Names of an enum's values, by value. */
  readonly names?: readonly string[];
}

export interface Field {
  readonly number: number;
  /** Key in the model and in JSON. */
  readonly name: string;
  readonly type: ScalarType | "message";
  /** Set exactly when `type` is `message`. */
  readonly message: Message | undefined;
  readonly repeated: boolean;
  /** True when a default value is still a value. */
  readonly explicit: boolean;
  /** Keys of the other members of its oneof. */
  readonly rivals: readonly string[];
  readonly names: readonly string[];
  /** Default value in the model, compared with `Object.is`: negative zero is not zero. */
  readonly zero: string | number | boolean | undefined;
  /** Wire type of one value, not of a packed list. */
  readonly wireType: WireType;
  /** First value of the key on the wire: number and the wire type it is written with. */
  readonly tag: number;
}

/** A message as its codecs need it; filled by `define`. */
export interface Message {
  readonly name: string;
  /** In the order of their numbers. */
  fields: readonly Field[];
  byNumber: readonly (Field | undefined)[];
  /** By lowerCamelCase and by snake_case name. */
  byKey: ReadonlyMap<string, Field>;
}

const SCALARS: Readonly<Record<ScalarType, readonly [WireType, zero: string | number | boolean]>> = {
  string: [2, ""],
  bool: [0, false],
  double: [1, 0],
  int64: [0, "0"],
  uint64: [0, "0"],
  fixed64: [1, "0"],
  sfixed64: [1, "0"],
  int32: [0, 0],
  uint32: [0, 0],
  sint32: [0, 0],
  fixed32: [5, 0],
  enum: [0, 0],
  bytes: [2, ""],
  id: [2, ""],
};

export function field(number: number, type: ScalarType | Message): FieldSpec {
  return typeof type === "string" ? { number, type } : { number, type: "message", message: type };
}

export function repeated(number: number, type: ScalarType | Message): FieldSpec {
  return { ...field(number, type), repeated: true };
}

export function optional(number: number, type: ScalarType): FieldSpec {
  return { number, type, presence: "optional" };
}

/** A member of the message's oneof; no OTLP message has two of them. */
export function oneof(number: number, type: ScalarType | Message): FieldSpec {
  return { ...field(number, type), presence: "oneof" };
}

export function enumeration(number: number, names: readonly string[]): FieldSpec {
  return { number, type: "enum", names };
}

/** A message whose fields follow by `define`, for messages that contain each other. */
export function declare(name: string): Message {
  return { name, fields: [], byNumber: [], byKey: new Map() };
}

/** The table must name every key of the model type, and no other. */
export function define<Model extends object>(
  message: Message,
  table: { readonly [Key in keyof Required<Model>]: FieldSpec },
): void {
  const specs = Object.entries<FieldSpec>(table);
  const members = specs.filter(([, spec]) => spec.presence === "oneof").map(([name]) => name);
  const fields = specs.map(([name, spec]) => finish(name, spec, members));
  message.fields = fields.sort((a, b) => a.number - b.number);
  const byNumber: (Field | undefined)[] = [];
  const byKey = new Map<string, Field>();
  for (const entry of fields) {
    while (byNumber.length < entry.number) byNumber.push(undefined);
    byNumber[entry.number] = entry;
    byKey.set(entry.name, entry);
    byKey.set(snakeCase(entry.name), entry);
  }
  message.byNumber = byNumber;
  message.byKey = byKey;
}

export function message<Model extends object>(
  name: string,
  table: { readonly [Key in keyof Required<Model>]: FieldSpec },
): Message {
  const result = declare(name);
  define<Model>(result, table);
  return result;
}

function finish(name: string, spec: FieldSpec, members: readonly string[]): Field {
  const [wireType, zero] = spec.type === "message" ? [2 as const, undefined] : SCALARS[spec.type];
  const listed = spec.repeated === true;
  return {
    number: spec.number,
    name,
    type: spec.type,
    message: spec.message,
    repeated: listed,
    explicit: spec.presence !== undefined,
    rivals: spec.presence === "oneof" ? members.filter((member) => member !== name) : [],
    names: spec.names ?? [],
    zero,
    wireType,
    tag: spec.number * 8 + (listed ? 2 : wireType),
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

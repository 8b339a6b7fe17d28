export interface BaggageCase {
  readonly name: string;
  /** Values of the `baggage` headers that come in. */
  readonly incoming: readonly string[];
  /** The `baggage` header of the request that the service makes; empty for none. */
  readonly outgoing: string;
}

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `key${index}=${index}`).join(",");
}

const EIGHT_KIB = `a=${"x".repeat(4000)},b=${"y".repeat(4187)}`;

export const BAGGAGE_CASES: readonly BaggageCase[] = [
  { name: "no header", incoming: [], outgoing: "" },
  { name: "an empty header", incoming: [""], outgoing: "" },
  { name: "one member", incoming: ["a=1"], outgoing: "a=1" },
  { name: "several members keep their order", incoming: ["c=3,a=1,b=2"], outgoing: "c=3,a=1,b=2" },
  { name: "several headers are one list", incoming: ["a=1", "b=2,c=3"], outgoing: "a=1,b=2,c=3" },
  { name: "spaces around parts", incoming: ["a =\t1 , b= 2 ;p = x ; q"], outgoing: "a=1,b=2;p=x;q" },
  { name: "the last of a key holds", incoming: ["a=1,b=2", "a=3"], outgoing: "a=3,b=2" },
  { name: "keys differ by case", incoming: ["A=1,a=2"], outgoing: "A=1,a=2" },
  { name: "an empty value", incoming: ["a=,b=2"], outgoing: "a=,b=2" },
  { name: "equals signs in a value", incoming: ["a=b=c=="], outgoing: "a=b=c==" },
  {
    name: "percent-encoded text",
    incoming: ["a=%E2%9C%93%20%2C%3B%22%5C%25"],
    outgoing: "a=%E2%9C%93%20%2C%3B%22%5C%25",
  },
  { name: "encoded without need", incoming: ["a=%41%2f"], outgoing: "a=A/" },
  { name: "bytes that are no UTF-8", incoming: ["a=x%FFy"], outgoing: "a=x%EF%BF%BDy" },
  { name: "a plus sign is no space", incoming: ["a=1+1"], outgoing: "a=1+1" },
  { name: "a percent sign in a key", incoming: ["a%20b=1"], outgoing: "a%20b=1" },
  { name: "properties", incoming: ["a=1;p;q=%20x;r=1=2,b=2"], outgoing: "a=1;p;q=%20x;r=1=2,b=2" },
  { name: "malformed members", incoming: ["=1,a b=2,c,,d[0]=3,e=4"], outgoing: "e=4" },
  { name: "64 members", incoming: [keys(64)], outgoing: keys(64) },
  { name: "65 members", incoming: [keys(65)], outgoing: keys(64) },
  { name: "8,192 bytes", incoming: [EIGHT_KIB], outgoing: EIGHT_KIB },
  { name: "8,193 bytes", incoming: [`${EIGHT_KIB}y`], outgoing: `a=${"x".repeat(4000)}` },
  { name: "ids come first", incoming: ["a=1,session.id=s"], outgoing: "session.id=s,a=1" },
  {
    name: "a test case gets a name",
    incoming: ["test.case.id=c%201"],
    outgoing: "test.case.id=c%201,test.case.name=c%201",
  },
];

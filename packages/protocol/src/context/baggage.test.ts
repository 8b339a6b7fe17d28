import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBaggage, formatBaggageProperties, parseBaggage, parseBaggageProperties } from "./baggage.ts";

function plain(header: string | string[]): [key: string, value: string][] {
  return parseBaggage(header).map(({ key, value }) => [key, value]);
}

function written(header: string | string[]): string {
  return formatBaggage(parseBaggage(header));
}

test("spaces around keys, values and members do not count", () => {
  assert.deepEqual(plain("userId =\talice , serverNode= DF%2028 ,isProduction=false"), [
    ["userId", "alice"],
    ["serverNode", "DF 28"],
    ["isProduction", "false"],
  ]);
});

test("several headers are one list in their order", () => {
  assert.deepEqual(plain(["a=1,b=2", "", "a=3"]), [
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
});

test("a value may hold equals signs and may be empty", () => {
  assert.deepEqual(plain("token=a=b==,empty="), [
    ["token", "a=b=="],
    ["empty", ""],
  ]);
  assert.equal(written("token=a=b==,empty="), "token=a=b==,empty=");
});

test("a member without a token as its key is left out, the others stay", () => {
  assert.deepEqual(plain("=1,a b=2,a[0]=3,noValue,,ä=4,good=5,(x)=6"), [["good", "5"]]);
  const odd = "!#$%&'*+-.^_`|~09azAZ";
  assert.deepEqual(plain(`${odd}=1`), [[odd, "1"]]);
});

test("keys are neither decoded nor made lower case", () => {
  assert.deepEqual(plain("a%20b=1,Key=2,key=3"), [
    ["a%20b", "1"],
    ["Key", "2"],
    ["key", "3"],
  ]);
  assert.equal(written("a%20b=1,Key=2,key=3"), "a%20b=1,Key=2,key=3");
});

test("any text survives as a value", () => {
  const values = ["ü", "日本語", "🧪", 'a,b;c=d\\e"f', "100%", "%41", "+", "\r\n\t\0\x7f", "\ufeffx", " x "];
  for (const value of values) {
    const header = formatBaggage([{ key: "k", value, properties: "" }]);
    assert.match(header, /^k=[\x21-\x7e]*$/);
    assert.deepEqual(plain(header), [["k", value]]);
  }
});

test("only what must be encoded is: a header that fits is passed on in as many bytes or fewer", () => {
  const octets = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index));
  const bare = octets.filter((octet) => !'",;\\%'.includes(octet)).join("");
  assert.equal(written(`k=${bare}`), `k=${bare}`);
  assert.equal(written("k=%41%2f"), "k=A/");
});

test("bytes that are no UTF-8 become U+FFFD, and a plus sign stays", () => {
  assert.deepEqual(plain("k=a%FFb%C3+%zz%4"), [["k", "a\ufffdb\ufffd+%zz%4"]]);
});

test("half of a surrogate pair becomes U+FFFD", () => {
  assert.equal(formatBaggage([{ key: "k", value: "\ud83d", properties: "" }]), "k=%EF%BF%BD");
});

test("properties are passed on as they are, without spaces around their parts", () => {
  assert.equal(written("k=v ; p1 ; p2 = a%20b;p3=x=y"), "k=v;p1;p2=a%20b;p3=x=y");
  assert.equal(written("k=v;;"), "k=v");
  const [member] = parseBaggage("k=v;p1;p2=a%20b;bad key=1");
  assert.deepEqual(parseBaggageProperties(member?.properties ?? ""), [
    { key: "p1", value: undefined },
    { key: "p2", value: "a b" },
  ]);
  const properties = [
    { key: "p1", value: undefined },
    { key: "p2", value: "a;b" },
  ];
  assert.equal(formatBaggageProperties(properties), "p1;p2=a%3Bb");
});

test("properties cannot break out of a header", () => {
  const header = formatBaggage([{ key: "k", value: "v", properties: 'p="x\r\ny",z=1' }]);
  assert.equal(header, "k=v;p=%22x%0D%0Ay%22%2Cz=1");
});

test("64 members are passed on, of more the first 64", () => {
  const all = Array.from({ length: 65 }, (_, index) => `key${index}=${index}`);
  assert.equal(written(all.slice(0, 64)), all.slice(0, 64).join(","));
  assert.equal(written(all), all.slice(0, 64).join(","));
});

test("8,192 bytes are passed on, and of more what fits in whole members", () => {
  const exact = `a=${"x".repeat(4000)},b=${"y".repeat(8192 - 4000 - 5)}`;
  assert.equal(exact.length, 8192);
  assert.equal(written(exact), exact);
  assert.equal(written(`${exact}y`), `a=${"x".repeat(4000)}`);
  assert.equal(written(`a=${"x".repeat(9000)},b=1`), "b=1");
});

test("a value is measured as it is sent, not as it is read", () => {
  const value = "ü".repeat(1400);
  assert.equal(formatBaggage([{ key: "k", value, properties: "" }]), "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { cost, count, duration, many, moment } from "./quantities.ts";
import { type Screen, screenOf } from "./screen.ts";
import { table } from "./table.ts";
import { clipped, padded, textWidth } from "./text-width.ts";

test("colour is for terminals, unless NO_COLOR is set or the terminal is dumb", () => {
  const terminal = { isTTY: true, columns: 100 };
  assert.equal(screenOf(terminal, {}).color, true);
  assert.equal(screenOf(terminal, { NO_COLOR: "1" }).color, false);
  assert.equal(screenOf(terminal, { NO_COLOR: "" }).color, true);
  assert.equal(screenOf(terminal, { TERM: "dumb" }).color, false);
  assert.equal(screenOf({ isTTY: false }, {}).color, false);
});

test("the locale says whether more than ASCII can be shown, LC_ALL first", () => {
  assert.equal(screenOf({}, { LANG: "en_GB.UTF-8" }).unicode, true);
  assert.equal(screenOf({}, { LANG: "en_GB.utf8" }).unicode, true);
  assert.equal(screenOf({}, { LC_ALL: "C", LANG: "en_GB.UTF-8" }).unicode, false);
  assert.equal(screenOf({}, {}).unicode, false);
});

test("wide characters take two columns, joined and combining ones none of their own", () => {
  assert.equal(textWidth("abc"), 3);
  assert.equal(textWidth("查询"), 4);
  assert.equal(textWidth("e\u0301"), 1);
  assert.equal(textWidth("👩‍💻"), 2);
  assert.equal(textWidth("⚠️"), 2);
});

test("a clipped text fits, and is not cut within a character", () => {
  assert.equal(clipped("hello", 5), "hello");
  assert.equal(clipped("hello!", 5), "hell…");
  assert.equal(clipped("查询数据", 6), "查询…");
  assert.equal(padded("查", 4), "查  ");
  assert.equal(padded("7", 3, "right"), "  7");
});

test("durations have three figures and the unit that suits", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [0.0004, "0.4 µs"],
    [0.35, "350 µs"],
    [0.9996, "1 ms"],
    [12.34, "12.3 ms"],
    [999.9, "1 s"],
    [2870, "2.87 s"],
    [41_200, "41.2 s"],
    [59_996, "1 m 0 s"],
    [200_000, "3 m 20 s"],
    [3_600_000, "1 h 0 m"],
    [90_000_000, "1 d 1 h"],
    [-5, "-5 ms"],
  ];
  for (const [ms, text] of cases) assert.equal(duration(ms), text);
});

test("counts are shortened and costs keep what can be seen of them", () => {
  assert.deepEqual([950, 1000, 12_400, 999_960, 3.4e6].map(count), ["950", "1k", "12.4k", "1M", "3.4M"]);
  assert.deepEqual([0, 0.000_01, 0.0012, 0.0213, 0.41, 12.4].map(cost), [
    "",
    "<$0.0001",
    "$0.0012",
    "$0.021",
    "$0.41",
    "$12.40",
  ]);
  assert.deepEqual([many(1, "span"), many(1200, "span")], ["1 span", "1,200 spans"]);
});

test("a moment of today is a time, any other has its date", () => {
  const noon = new Date(2026, 10, 21, 12, 1, 4).getTime();
  assert.equal(moment(noon, noon + 3600_000), "12:01:04");
  assert.equal(moment(noon, noon + 86_400_000), "2026-11-21 12:01:04");
});

interface City {
  readonly name: string;
  readonly size: number;
  readonly note: string;
}

const COLUMNS = [
  { title: "NAME", value: (city: City) => city.name, shrinksTo: 6 },
  { title: "SIZE", value: (city: City) => String(city.size), align: "right" as const },
  { title: "NOTE", value: (city: City) => city.note, keep: 1 },
];
const CITIES = [
  { name: "Amsterdam", size: 921, note: "canals" },
  { name: "Rotterdam", size: 664, note: "harbour" },
];
const screen = (width: number): Screen => ({ width, color: false, unicode: true, isTerminal: true });

test("a table has its columns under their titles", () => {
  assert.deepEqual(table(CITIES, COLUMNS, screen(80)), [
    "NAME       SIZE  NOTE",
    "Amsterdam   921  canals",
    "Rotterdam   664  harbour",
  ]);
});

test("a table first clips, then leaves out what matters least", () => {
  assert.deepEqual(table(CITIES, COLUMNS, screen(21)), [
    "NAME    SIZE  NOTE",
    "Amste…   921  canals",
    "Rotte…   664  harbour",
  ]);
  assert.deepEqual(table(CITIES, COLUMNS, screen(20)), [
    "NAME       SIZE",
    "Amsterdam   921",
    "Rotterdam   664",
  ]);
});

test("a column without a value is left out, and away from a terminal nothing is clipped", () => {
  const rows = CITIES.map((city) => ({ ...city, note: "" }));
  assert.deepEqual(table(rows, COLUMNS, { ...screen(10), isTerminal: false })[0], "NAME       SIZE");
});

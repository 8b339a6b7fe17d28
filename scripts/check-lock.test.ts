import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, type LockFile, missingEntries, platformOf } from "./check-lock.ts";

const lock: LockFile = {
  packages: {
    "": {},
    "node_modules/@chdb/lib-linux-x64-gnu": { version: "26.7.3-stable.1", optional: true },
    "node_modules/chdb": {
      version: "3.4.0",
      license: "Apache-2.0",
      optionalDependencies: {
        "@chdb/lib-darwin-arm64": "26.7.3-stable.1",
        "@chdb/lib-linux-arm64-gnu": "26.7.3-stable.1",
        "@chdb/lib-linux-x64-gnu": "26.7.3-stable.1",
        "not-a-platform": "1.0.0",
      },
    },
  },
};

test("the platform is read from the end of a package's name", () => {
  assert.deepEqual(platformOf("@chdb/lib-linux-arm64-gnu"), { os: "linux", cpu: "arm64", libc: "glibc" });
  assert.deepEqual(platformOf("@chdb/lib-darwin-x64"), { os: "darwin", cpu: "x64", libc: undefined });
  assert.deepEqual(platformOf("@oxc/binding-linux-arm-musleabihf"), {
    os: "linux",
    cpu: "arm",
    libc: "musl",
  });
  assert.equal(platformOf("fsevents"), undefined);
});

test("platform packages that the lock leaves out are found", () => {
  assert.deepEqual(
    [...missingEntries(lock).keys()],
    ["node_modules/@chdb/lib-darwin-arm64", "node_modules/@chdb/lib-linux-arm64-gnu"],
  );
});

test("a completed lock lists them as optional and in order, and lacks nothing", () => {
  const fixed = completed(lock);
  assert.deepEqual(Object.keys(fixed.packages), [
    "",
    "node_modules/@chdb/lib-darwin-arm64",
    "node_modules/@chdb/lib-linux-arm64-gnu",
    "node_modules/@chdb/lib-linux-x64-gnu",
    "node_modules/chdb",
  ]);
  assert.deepEqual(fixed.packages["node_modules/@chdb/lib-linux-arm64-gnu"], {
    version: "26.7.3-stable.1",
    cpu: ["arm64"],
    libc: ["glibc"],
    license: "Apache-2.0",
    optional: true,
    os: ["linux"],
  });
  assert.equal(missingEntries(fixed).size, 0);
});

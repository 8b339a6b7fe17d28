#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { onNewerNode } from "./newer-node.js";

// A checkout runs its sources; a published package has no src folder.
const source = new URL("../src/cli/main.ts", import.meta.url);
const main = existsSync(source) ? source : new URL("../dist/cli/main.js", import.meta.url);

onNewerNode("clew", () => {
  nodeModule.enableCompileCache();
  return import(main.href).then(({ run }) => run(process.argv.slice(2), process));
});

#!/usr/bin/env node
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { onNewerNode } from "./newer-node.js";

// A checkout runs its sources; a published package has no src folder.
const source = new URL("../src/cli/main.ts", import.meta.url);
const main = existsSync(source) ? source : new URL("../dist/cli/main.js", import.meta.url);

onNewerNode("clew", () => {
  const { directory } = nodeModule.enableCompileCache();
  // The ingest thread and the engine process look for it here; it saves them 40 MB and half a second.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  return import(main.href).then(({ run }) => run(process.argv.slice(2), process));
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installedPython } from "../harness/installed-python.ts";
import { runPython } from "../harness/python-agent.ts";
import { noPython, pythonSetup } from "../harness/python-environment.ts";
import { runClew } from "../harness/run-clew.ts";
import { temporaryFolder } from "../harness/server-process.ts";

const skip = (await noPython()) ?? false;

/** Makes one span, by what is in every Python, with a request that nobody answers. */
const AGENT = `
import sys, urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:1/")
except OSError:
    print("done")
`;
const files = { "agent.py": AGENT };
/** Of an interpreter that has nothing of ours. */
const NOTHING = { CLEW_PYTHON_PACKAGES: "/nowhere" };

test("a program of a virtual environment without pip is traced, and its sitecustomize is loaded", {
  skip,
}, async () => {
  const { interpreter } = await pythonSetup();
  const folder = temporaryFolder();
  execFileSync(interpreter.command, ["-m", "venv", "--without-pip", join(folder, "venv")]);
  writeFileSync(join(folder, "sitecustomize.py"), "print('theirs')");
  const program = join(folder, "venv/bin/python");
  const run = await runPython({
    files,
    program,
    clewRun: ["--session", "s1", "--name", "n"],
    env: { PYTHONPATH: folder },
  });
  assert.deepEqual([run.code, run.stdout, run.stderr], [0, "theirs\ndone\n", ""]);
  assert.deepEqual(
    run.spans.map(({ name, service, attributes }) => [name, service, attributes["session.id"]]),
    [["GET", "n", "s1"]],
  );
});

test("where nothing is installed the program runs, and clew run says which command changes that", {
  skip,
}, async () => {
  const { interpreter, bin } = await pythonSetup();
  const run = await runPython({ files, clewRun: [], env: NOTHING });
  assert.deepEqual([run.code, run.stdout, run.spans], [0, "done\n", []]);
  assert.equal(
    run.stderr,
    `clew: this program runs untraced: Python ${interpreter.version} has no OpenTelemetry. ` +
      `Run once: clew python install --python ${join(bin, "python")}\n`,
  );
});

test("under -I, -E and -S the program runs, and clew run says what to do", { skip }, async () => {
  const { bin } = await pythonSetup();
  for (const flags of [["-I"], ["-E"], ["-S"], ["-uS"], ["-X", "utf8", "-IB"]]) {
    const plain = "import sys\nprint('clew_tracing.start' in sys.modules)";
    const run = await runPython({ files: { "agent.py": plain }, args: [...flags, "agent.py"], clewRun: [] });
    assert.deepEqual([run.code, run.stdout], [0, "False\n"], flags.join(" "));
    assert.match(run.stderr, /^clew: this program runs untraced: Python's -[IES] leaves out .*\n$/);
  }
  // As distributions write it into the first line of their programs.
  const script = join(temporaryFolder(), "tool");
  writeFileSync(script, `#!${join(bin, "python")} -E\nprint("done")\n`);
  chmodSync(script, 0o755);
  const run = await runPython({ files: {}, program: script, args: [], clewRun: [] });
  assert.deepEqual([run.code, run.stdout], [0, "done\n"]);
  assert.match(run.stderr, /^clew: .*Python's -E/);
});

test("options that only look like those say nothing, and -P and -s are traced", { skip }, async () => {
  for (const args of [
    ["-s", "agent.py", "-I"],
    ["-W", "ignore", "agent.py"],
    ["-m", "agent", "-S"],
  ]) {
    const run = await runPython({ files, args, clewRun: [] });
    assert.deepEqual([run.code, run.stdout, run.stderr], [0, "done\n", ""], args.join(" "));
    assert.equal(run.spans.length, 1);
  }
});

test("Pythons that are too old run as they would, and clew run says so", { skip }, async (context) => {
  const old = ["2.7", "3.6", "3.8", "3.9"].flatMap((version) => {
    const command = installedPython(version);
    return command === undefined ? [] : [[version, command] as const];
  });
  if (old.length === 0) return context.skip("skipped: no old Python is installed");
  for (const [version, program] of old) {
    const run = await runPython({ files: { "agent.py": "print('done')" }, program, clewRun: [] });
    assert.deepEqual([run.code, run.stdout], [0, "done\n"], version);
    assert.equal(
      run.stderr,
      `clew: this program runs untraced: ${program} is Python ${version}, and tracing needs 3.10 or newer\n`,
    );
  }
});

test("clew python install needs no pip where Python brings the means to install it", { skip }, async () => {
  const { interpreter } = await pythonSetup();
  const folder = temporaryFolder();
  execFileSync(interpreter.command, ["-m", "venv", "--without-pip", join(folder, "venv")]);
  const python = join(folder, "venv/bin/python");
  const env = { CLEW_PYTHON_PACKAGES: join(folder, "packages") };
  const { code, stdout, stderr } = await runClew(["python", "install", "--python", python], {
    env,
    timeoutMs: 300_000,
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Installed into /);
  const run = await runPython({ files, program: python, clewRun: [], env });
  assert.deepEqual([run.code, run.stderr, run.spans.length], [0, "", 1]);
  const again = await runClew(["python", "install", "--python", python], { env });
  assert.match(again.stdout, /^Everything is there/);
});

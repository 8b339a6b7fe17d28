/**
 * Fetches the servers that tests of queues, databases and scrapers run against, without root and without touching
 * the system: packages of this Debian and artefacts of Maven, unpacked below `node_modules/.cache/clew-brokers`.
 */
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CACHE = fileURLToPath(new URL("../node_modules/.cache/clew-brokers/", import.meta.url));
const KAFKA = "4.3.1";

const ERLANG = [
  ..."asn1 base crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp".split(" "),
  ..."ssl syntax-tools tftp tools xmerl".split(" "),
].map((part) => `erlang-${part}`);

/** What each server consists of, with those of its libraries that a small system may lack. */
const PACKAGES = {
  redis: ["redis-server", "redis-tools", "liblzf1", "libjemalloc2"],
  nats: ["nats-server"],
  rabbitmq: ["rabbitmq-server", ...ERLANG],
  postgres: ["postgresql-15", "postgresql-client-15", "libpq5", "libldap-2.5-0", "libicu72", "libxslt1.1"],
  mariadb: ["mariadb-server-core", "libaio1", "libnuma1", "liburing2", "libpcre2-8-0"],
  prometheus: ["prometheus"],
} as const;

export const BROKERS = ["redis", "nats", "rabbitmq", "postgres", "mariadb", "prometheus", "kafka"] as const;
export type Broker = (typeof BROKERS)[number];

/**
 * Folder of an unpacked server; fetched when it is not there yet (up to 45 MB). Several processes may ask at once.
 * Rejects where it cannot be had, with what the package manager said.
 */
export async function installBroker(name: Broker): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, `.${name}-`));
  chmodSync(work, 0o755);
  try {
    if (name === "kafka") await fromMaven(work);
    else await fromDebian(PACKAGES[name], work);
    if (name === "rabbitmq") relocateErlang(work);
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

async function fromDebian(packages: readonly string[], folder: string): Promise<void> {
  const files = mkdtempSync(join(folder, ".deb-"));
  try {
    await run("apt-get", ["download", "-q", ...packages], files);
  } catch {
    // The system's lists are missing or older than the archive: fetch them into a folder of our own.
    const lists = join(files, "lists");
    mkdirSync(join(lists, "partial"), { recursive: true });
    const own = [
      "-o",
      `Dir::State::lists=${lists}`,
      "-o",
      `Dir::Cache=${files}`,
      "-o",
      "APT::Sandbox::User=",
    ];
    await run("apt-get", [...own, "update", "-q"], files);
    await run("apt-get", [...own, "download", "-q", ...packages], files);
  }
  for (const file of readdirSync(files).filter((each) => each.endsWith(".deb"))) {
    await run("dpkg", ["-x", join(files, file), folder], files);
  }
  rmSync(files, { recursive: true });
}

async function fromMaven(folder: string): Promise<void> {
  const pom = `<project><modelVersion>4.0.0</modelVersion>
    <groupId>clew</groupId><artifactId>kafka</artifactId><version>1</version><dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA}</version>
    </dependency></dependencies></project>`;
  writeFileSync(join(folder, "pom.xml"), pom);
  const goal = ["dependency:copy-dependencies", "-DoutputDirectory=lib", "-DincludeScope=runtime"];
  await run("mvn", ["-q", "-B", ...goal], folder);
}

/** Debian's `erl` knows one place only. */
function relocateErlang(folder: string): void {
  const file = join(folder, "usr/lib/erlang/bin/erl");
  const source = readFileSync(file, "utf8");
  writeFileSync(
    file,
    source.replaceAll(/ROOTDIR=\/usr\/lib\/erlang$/gm, 'ROOTDIR=$(cd "$progdir/.." && pwd)'),
  );
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, timeout: 240_000, maxBuffer: 1 << 24 });
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Error(`${command} failed: ${stderr.trim() || message}`, { cause: error });
  }
}

if (import.meta.main) {
  for (const name of BROKERS) console.log(`${name}: ${await installBroker(name)}`);
}

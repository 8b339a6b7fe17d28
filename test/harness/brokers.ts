import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Broker, freePorts, libraryPath } from "./broker.ts";

/** Whom servers run as that refuse to be root: nobody. */
const NOBODY = 65_534;

export function startRedis(): Promise<Broker> {
  return Broker.start("redis", (installed, port, folder) => ({
    command: join(installed, "usr/bin/redis-server"),
    args: ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
  }));
}

/** With JetStream. */
export function startNats(): Promise<Broker> {
  return Broker.start("nats", (installed, port, folder) => ({
    command: join(installed, "usr/sbin/nats-server"),
    args: ["-a", "127.0.0.1", "-p", `${port}`, "-js", "-sd", folder],
  }));
}

/** Takes `guest` with the password `guest`. */
export function startRabbitMq(): Promise<Broker> {
  return Broker.start("rabbitmq", async (installed, port, folder) => {
    const [epmd, dist] = await freePorts(2);
    const lib = join(installed, "usr/lib/rabbitmq/lib");
    const server = readdirSync(lib).find((name) => name.startsWith("rabbitmq_server-"));
    const plugins = join(folder, "plugins");
    writeFileSync(plugins, "[].");
    return {
      // A name server that RabbitMQ starts would outlive it.
      command: "/bin/sh",
      args: ["-c", 'epmd & exec "$0"', join(lib, server ?? "", "sbin/rabbitmq-server")],
      env: {
        PATH: `${join(installed, "usr/lib/erlang/bin")}:${process.env.PATH}`,
        HOME: folder,
        RABBITMQ_NODENAME: `clew${port}@localhost`,
        RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
        RABBITMQ_NODE_PORT: `${port}`,
        RABBITMQ_DIST_PORT: `${dist}`,
        RABBITMQ_BASE: folder,
        RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
        RABBITMQ_LOG_BASE: join(folder, "log"),
        RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
        RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
        ERL_EPMD_ADDRESS: "127.0.0.1",
        ERL_EPMD_PORT: `${epmd}`,
      },
    };
  });
}

/** One node that is broker and controller; topics are made as they are used. */
export function startKafka(): Promise<Broker> {
  return Broker.start("kafka", async (installed, port, folder) => {
    const [controller] = await freePorts(1);
    const file = join(folder, "server.properties");
    const settings = {
      "process.roles": "broker,controller",
      "node.id": 1,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
      "controller.listener.names": "CONTROLLER",
      "log.dirs": join(folder, "data"),
      "offsets.topic.replication.factor": 1,
      "offsets.topic.num.partitions": 1,
      "transaction.state.log.replication.factor": 1,
      "transaction.state.log.min.isr": 1,
      "transaction.state.log.num.partitions": 1,
      "group.initial.rebalance.delay.ms": 0,
    };
    writeFileSync(
      file,
      Object.entries(settings)
        .map((pair) => `${pair.join("=")}\n`)
        .join(""),
    );
    const classes = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", join(installed, "lib/*")];
    const format = ["kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", file];
    execFileSync("java", [...classes, ...format], { stdio: "pipe" });
    return { command: "java", args: ["-Xmx256m", ...classes, "kafka.Kafka", file] };
  });
}

/** Database `postgres`, user `postgres`, no password. */
export function startPostgres(): Promise<Broker> {
  return Broker.start("postgres", (installed, port, folder) => {
    const bin = join(installed, "usr/lib/postgresql/15/bin");
    const data = join(folder, "data");
    const user = process.getuid?.() === 0 ? NOBODY : undefined;
    if (user !== undefined) {
      chmodSync(folder, 0o755);
      chownSync(folder, user, user);
    }
    const options = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    execFileSync(join(bin, "initdb"), options, {
      stdio: "pipe",
      cwd: folder,
      env: { ...process.env, LD_LIBRARY_PATH: libraryPath(installed) },
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    const off = ["fsync=off", "jit=off", "max_connections=20"].flatMap((each) => ["-c", each]);
    return {
      command: join(bin, "postgres"),
      args: ["-D", data, "-h", "127.0.0.1", "-p", `${port}`, "-k", folder, ...off],
      ...(user === undefined ? {} : { user }),
    };
  });
}

/** MariaDB with the database `test`; any user, no password. */
export function startMariaDb(): Promise<Broker> {
  return Broker.start("mariadb", (installed, port, folder) => {
    const command = join(installed, "usr/sbin/mariadbd");
    const share = join(installed, "usr/share/mysql");
    const data = join(folder, "data");
    mkdirSync(data);
    const root = process.getuid?.() === 0 ? ["--user=root"] : [];
    const place = ["--no-defaults", ...root, `--datadir=${data}`, `--lc-messages-dir=${share}`];
    const args = [...place, `--character-sets-dir=${join(share, "charsets")}`, "--skip-grant-tables"];
    const tables = ["mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data"];
    const sql = tables.map((name) => readFileSync(join(share, `${name}.sql`), "utf8"));
    execFileSync(command, [...args, "--bootstrap"], {
      input: ["CREATE DATABASE mysql;", "CREATE DATABASE test;", "USE mysql;", ...sql].join("\n"),
      env: { ...process.env, LD_LIBRARY_PATH: libraryPath(installed) },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const listen = ["--bind-address=127.0.0.1", `--port=${port}`, `--socket=${join(folder, "socket")}`];
    return { command, args: [...args, ...listen] };
  });
}

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "./server-process.ts";

const OPENSSL = "openssl";

export interface ProxiedRequest {
  /** Such as `https://api.example.com/data/1`. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** An HTTP proxy that answers for every host itself, also over TLS: for programs that call hosts of the world. */
export class HostProxy implements AsyncDisposable {
  readonly received: ProxiedRequest[] = [];
  /** File of the certificate that clients have to trust. */
  readonly certificate: string;
  readonly #plain: Server;
  readonly #tls: TlsServer;

  private constructor(certificate: string, plain: Server, tls: TlsServer) {
    this.certificate = certificate;
    this.#plain = plain;
    this.#tls = tls;
  }

  /** `answer` is called with the whole URL; what it returns is sent as JSON. */
  static async start(hosts: readonly string[], answer: (url: string) => unknown): Promise<HostProxy> {
    const folder = temporaryFolder("clew-proxy-");
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`;
    const kind = [
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
    ];
    const files = ["-keyout", key, "-out", certificate];
    execFileSync(OPENSSL, ["req", ...kind, "-subj", "/CN=test", "-addext", names, ...files], {
      stdio: "pipe",
    });
    const listener =
      (scheme: string): RequestListener =>
      ({ url = "", headers }, response) => {
        const whole = url.startsWith("/") ? `${scheme}://${headers.host}${url}` : url;
        proxy.received.push({ url: whole, headers });
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer(whole)));
      };
    const tls = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      listener("https"),
    );
    const plain = createServer(listener("http"));
    plain.on("connect", (_, socket) => {
      const inner = connect((tls.address() as AddressInfo).port, "127.0.0.1");
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(inner).pipe(socket);
      for (const side of [socket, inner]) side.on("error", () => side.destroy());
    });
    const proxy = new HostProxy(certificate, plain, tls);
    for (const server of [plain, tls]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    return proxy;
  }

  /** Variables for a Python program that uses requests. */
  get variables(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.#plain.address() as AddressInfo).port}`;
    return {
      HTTP_PROXY: url,
      http_proxy: url,
      HTTPS_PROXY: url,
      https_proxy: url,
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
      REQUESTS_CA_BUNDLE: this.certificate,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#plain, this.#tls]) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.resolve();
  }
}

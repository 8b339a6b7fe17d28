import { createHash } from "node:crypto";
import type { Context } from "hono";

/** A page that needs no file: a title, and what is said below it. */
export interface WaitingPage {
  readonly title: string;
  /** HTML of ours; what is not goes through `escaped`. */
  readonly body: string;
  /** Makes the browser ask again. */
  readonly againS?: number;
}

/** In the colours of the page that is to come. */
const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif;
background:light-dark(#fbfaf8,#131417);color:light-dark(#1d1c1a,#eceae6)}
body{margin:0;min-height:100vh;display:grid;place-items:center}main{width:min(46rem,90vw);text-align:center}
h1{font-size:20px;margin:0 0 12px}p{color:light-dark(#55524c,#b3b1ab);margin:8px 0}
progress{width:220px;accent-color:light-dark(#a84a08,#f2a05c)}
pre{text-align:left;overflow:auto;padding:14px;border-radius:10px;background:light-dark(#f3f1ed,#0e0f11)}`;
const ALLOWED = createHash("sha256").update(STYLE).digest("base64");

export function answerWaiting(context: Context, page: WaitingPage): Response | Promise<Response> {
  const { title, body, againS } = page;
  const refresh = againS === undefined ? "" : `<meta http-equiv="refresh" content="${againS}">`;
  context.header("Cache-Control", "no-store");
  context.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'sha256-${ALLOWED}'; base-uri 'none'; frame-ancestors 'none'`,
  );
  return context.html(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `${refresh}<title>${title} · Clew</title><style>${STYLE}</style></head>` +
      `<body><main><h1>${title}</h1>${body}</main></body></html>`,
  );
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

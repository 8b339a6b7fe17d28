import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT, checkWebFramework } from "../harness/web-framework.ts";

/** Decorators called by hand, as TypeScript compiles them. */
const BODY = `
const { Controller, Get, Post, Param, Body, Res, Module, ForbiddenException } = common;
class OrdersController {
  async one(id) { await inner(); return id; }
  async add(body) { await inner(); return String(body.id); }
  inner() { return "inner"; }
  stream(response) {
    const pieces = ["a", "b", "c"];
    const timer = setInterval(() => {
      if (pieces.length > 0) response.write(pieces.shift());
      else { clearInterval(timer); response.end(); }
    }, 20);
  }
  async fails() { throw new Error("out of stock"); }
  denied() { throw new ForbiddenException(); }
}
class ItemsController { item(item) { return item; } }
class AppModule {}
function method(Class, name, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(Class.prototype, name);
  for (const decorate of decorators) decorate(Class.prototype, name, descriptor);
}
const first = (decorate) => (target, name) => decorate(target, name, 0);
method(OrdersController, "one", Get("orders/:id"), first(Param("id")));
method(OrdersController, "add", Post("orders"), common.HttpCode(200), first(Body()));
method(OrdersController, "inner", Get("inner"));
method(OrdersController, "stream", Get("stream"), first(Res()));
method(OrdersController, "fails", Get("fails"));
method(OrdersController, "denied", Get("denied"));
Controller()(OrdersController);
method(ItemsController, "item", Get("items/:item"), first(Param("item")));
Controller("api")(ItemsController);
Module({ controllers: [OrdersController, ItemsController] })(AppModule);
async function main() {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, "127.0.0.1");
  await drive(app.getHttpServer().address().port);
  await app.close();
}
main();
`;

const HEADS = {
  esm: 'import "reflect-metadata"; import * as common from "@nestjs/common"; import { NestFactory } from "@nestjs/core";',
  cjs: 'require("reflect-metadata"); const common = require("@nestjs/common"); const { NestFactory } = require("@nestjs/core");',
};

const VERSIONS = { "12": {}, "11": packages(11), "10": packages(10), "9": packages(9) };

function packages(version: number): Record<string, string> {
  const names = ["@nestjs/core", "@nestjs/common", "@nestjs/platform-express"];
  return Object.fromEntries(names.map((name) => [name, `${name}-${version}`]));
}

for (const kind of ["esm", "cjs"] as const) {
  for (const [version, versions] of Object.entries(VERSIONS)) {
    test(`a request to nestjs ${version} is one span and names the controller, ${kind}`, async () => {
      const spans = await checkWebFramework({ kind, versions, source: HEADS[kind] + CLIENT + BODY });
      const order = spans.find(({ name }) => name === "GET /orders/:id");
      assert.equal(order?.attributes["code.function.name"], "OrdersController.one");
    });
  }
}

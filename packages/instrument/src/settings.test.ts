import assert from "node:assert/strict";
import { test } from "node:test";
import { settingsFrom } from "./settings.ts";

test("an empty environment sends to this machine and records no content", () => {
  const settings = settingsFrom({});
  assert.equal(settings.disabled, false);
  assert.equal(settings.tracesUrl, "http://127.0.0.1:4318/v1/traces");
  assert.equal(settings.logsUrl, "http://127.0.0.1:4318/v1/logs");
  assert.equal(settings.content, "off");
  assert.deepEqual(settings.headers, {});
});

test("the endpoint of a signal is taken as it is, the common one gets the signal's path", () => {
  const settings = settingsFrom({
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector:8443/otlp/",
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://logs:1/elsewhere",
  });
  assert.equal(settings.tracesUrl, "https://collector:8443/otlp/v1/traces");
  assert.equal(settings.logsUrl, "http://logs:1/elsewhere");
});

test("CLEW_OTLP_ENDPOINT goes before the endpoint of the program's own exporter", () => {
  const settings = settingsFrom({
    CLEW_OTLP_ENDPOINT: "http://clew:4318",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://other:4318",
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://other:4318/v1/traces",
  });
  assert.equal(settings.tracesUrl, "http://clew:4318/v1/traces");
  assert.equal(settings.logsUrl, "http://clew:4318/v1/logs");
});

test("values that make no sense count as unset", () => {
  const settings = settingsFrom({
    OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317",
    CLEW_CONTENT: "everything",
    OTEL_SDK_DISABLED: "yes",
    OTEL_RESOURCE_ATTRIBUTES: "=x,nothing,deployment.environment.name=dev%20box,bad=%",
    OTEL_EXPORTER_OTLP_HEADERS: "bad header=1,X-Tenant=a%3Db,evil=a%0D%0Ab",
  });
  assert.equal(settings.tracesUrl, "http://127.0.0.1:4318/v1/traces");
  assert.equal(settings.content, "off");
  assert.equal(settings.disabled, false);
  assert.deepEqual(settings.resourceAttributes, { "deployment.environment.name": "dev box", bad: "%" });
  assert.deepEqual(settings.headers, { "x-tenant": "a=b" });
});

test("the service's own name goes before the one among the resource attributes", () => {
  const attributes = "service.name=from-attributes,service.version=2";
  assert.equal(settingsFrom({ OTEL_RESOURCE_ATTRIBUTES: attributes }).serviceName, "from-attributes");
  const named = settingsFrom({ OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: "planner" });
  assert.equal(named.serviceName, "planner");
  assert.deepEqual(named.resourceAttributes, { "service.version": "2" });
});

test("a token becomes an authorization unless one is given", () => {
  assert.deepEqual(settingsFrom({ CLEW_TOKEN: "s3cret" }).headers, { authorization: "Bearer s3cret" });
  const given = settingsFrom({
    CLEW_TOKEN: "s3cret",
    OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Basic%20abc",
  });
  assert.deepEqual(given.headers, { authorization: "Basic abc" });
});

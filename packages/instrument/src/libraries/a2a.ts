import { context, SpanKind } from "@opentelemetry/api";
import { attempt } from "../attempt.ts";
import { contextParts } from "../context/context-parts.ts";
import { withCorrelationIds } from "../context/correlation.ts";
import type { Library } from "../library.ts";
import { replaceMethod } from "../models/replace-method.ts";
import { fields } from "../models/value.ts";
import { instrumentationOf } from "../module-patch.ts";
import type { Settings } from "../settings.ts";
import { type Side, traceCall } from "./a2a/call.ts";
import { nameTask } from "./a2a/task.ts";

/** Methods of a client and of a server's request handler, by the protocol's name of the operation. */
const METHODS: Readonly<Record<string, string>> = {
  sendMessage: "SendMessage",
  sendMessageStream: "SendStreamingMessage",
  getTask: "GetTask",
  listTasks: "ListTasks",
  cancelTask: "CancelTask",
  resubscribeTask: "SubscribeToTask",
  resubscribe: "SubscribeToTask",
  createTaskPushNotificationConfig: "CreateTaskPushNotificationConfig",
  getTaskPushNotificationConfig: "GetTaskPushNotificationConfig",
  listTaskPushNotificationConfig: "ListTaskPushNotificationConfigs",
  listTaskPushNotificationConfigs: "ListTaskPushNotificationConfigs",
  deleteTaskPushNotificationConfig: "DeleteTaskPushNotificationConfig",
};

/** Agents that talk to each other by the Agent2Agent protocol: both sides, over whichever transport. */
export const a2a: Library = {
  name: "a2a",
  instrumentation: (settings: Settings) =>
    instrumentationOf("clew.a2a", [
      {
        module: "@a2a-js/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/client/index.js", "dist/client/index.cjs"],
        patch: ({ Client }) => traceMethods(Client, SpanKind.CLIENT),
      },
      {
        module: "@a2a-js/sdk",
        versions: [">=1.0.0 <2"],
        files: ["dist/server/index.js", "dist/server/index.cjs"],
        patch: ({ DefaultRequestHandler }) => {
          traceMethods(DefaultRequestHandler, SpanKind.SERVER);
          followTasks(DefaultRequestHandler, settings);
        },
      },
    ]),
};

function traceMethods(of: unknown, kind: Side): void {
  for (const [name, method] of Object.entries(METHODS)) {
    replaceMethod(
      of,
      name,
      (original) =>
        function (this: unknown, params, ...rest) {
          const call = { method, kind, params: fields(params), by: fields(this) };
          return traceCall(call, () => original.call(this, params, ...rest));
        },
    );
  }
}

/** What an agent does for a task has the task's id, unless somebody has given it another one. */
function followTasks(handler: unknown, settings: Settings): void {
  const { correlation } = contextParts(settings.context);
  for (const name of ["_runExecutor", "_runStreamExecutor"]) {
    replaceMethod(
      handler,
      name,
      (run) =>
        function (this: unknown, taskId, ...of) {
          const execute = () => run.call(this, taskId, ...of);
          const within = attempt("clew.a2a", () => {
            const active = context.active();
            if (typeof taskId !== "string") return active;
            nameTask(active, taskId);
            const isNamed = correlation.idsOf(active).some(([key]) => key === "task.id");
            return isNamed ? active : withCorrelationIds(active, { "task.id": taskId });
          });
          return within === undefined ? execute() : context.with(within, execute);
        },
    );
  }
}

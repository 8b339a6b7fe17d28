import type { CallOptions } from "@clew/protocol/api/client";
import type { TraceGroupListRequest } from "@clew/protocol/api/requests";
import type { TraceGroupDetail, TraceGroupList } from "@clew/protocol/api/trace-group";
import { api } from "../api/client.ts";
import type { GroupKind } from "./group-address.ts";

interface KindOfGroup {
  /** As a title. */
  readonly name: string;
  readonly names: string;
  readonly meaning: string;
  /** The attribute that carries the id, in baggage and on spans. */
  readonly attribute: string;
  /** The variable that gives the id to a whole process. */
  readonly variable: string;
  readonly list: (request: TraceGroupListRequest, options: CallOptions) => Promise<TraceGroupList>;
  readonly get: (id: string, options: CallOptions) => Promise<TraceGroupDetail>;
}

/** What is different between sessions and tasks. */
export const KINDS: Readonly<Record<GroupKind, KindOfGroup>> = {
  session: {
    name: "Session",
    names: "Sessions",
    meaning: "what belongs together for a user, over several traces",
    attribute: "session.id",
    variable: "CLEW_SESSION_ID",
    list: (request, options) => api.sessions(request, options),
    get: (id, options) => api.session(id, options),
  },
  task: {
    name: "Task",
    names: "Tasks",
    meaning: "a piece of work given to agents, over several traces",
    attribute: "task.id",
    variable: "CLEW_TASK_ID",
    list: (request, options) => api.tasks(request, options),
    get: (id, options) => api.task(id, options),
  },
};

import type { MapNodeType } from "@clew/protocol/api/map";
import type { IconName } from "../elements/icon.tsx";

export const NODE_ICONS: Readonly<Record<MapNodeType, IconName>> = {
  agent: "agent",
  service: "server",
  tool: "tool",
  model: "llm",
};

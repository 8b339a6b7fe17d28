import type { ApiClient } from "@clew/protocol/api/client";
import { useEffect, useEffectEvent, useState } from "react";
import { apiClient } from "./client.ts";

/** `paused`: nobody looks at the page, or it was asked for. */
export type FollowState = "connecting" | "open" | "lost" | "paused";

const RETRY_MS = 1500;

interface Following<Message> {
  readonly stream: (client: ApiClient, signal: AbortSignal) => AsyncIterable<Message>;
  readonly onMessage: (message: Message) => void;
  /** The stream has begun, the first time or again: what changed before is not told by it. */
  readonly onOpen?: () => void;
}

/**
 * Reads a stream of the API for as long as the page is visible, and again whenever it breaks off. A browser has few
 * connections to one host, so a hidden page holds none. A changed `key` begins anew.
 */
export function useFollow<Message>(
  key: string,
  enabled: boolean,
  following: Following<Message>,
): FollowState {
  const isVisible = useVisible();
  const [state, setState] = useState<FollowState>("connecting");
  const stream = useEffectEvent(following.stream);
  const onMessage = useEffectEvent(following.onMessage);
  const onOpen = useEffectEvent(() => following.onOpen?.());
  const isOn = enabled && isVisible;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is asked
  useEffect(() => {
    if (!isOn) return;
    const left = new AbortController();
    const client = apiClient(async (...call) => {
      const response = await fetch(...call);
      if (response.ok && !left.signal.aborted) {
        setState("open");
        onOpen();
      }
      return response;
    });
    const read = async (): Promise<void> => {
      while (!left.signal.aborted) {
        try {
          for await (const message of stream(client, left.signal)) onMessage(message);
        } catch {
          // Told by the state; what went wrong is told by the requests that people wait for.
        }
        if (left.signal.aborted) return;
        setState("lost");
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    };
    setState("connecting");
    void read();
    return () => left.abort();
  }, [key, isOn]);
  return isOn ? state : "paused";
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const onChange = (): void => setVisible(!document.hidden);
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return isVisible;
}

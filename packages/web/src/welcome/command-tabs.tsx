import type { Setup } from "@clew/protocol/api/server-status";
import { useState } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import { Tabs } from "../elements/tabs.tsx";
import css from "./command-tabs.module.css";
import { waysToSend } from "./ways-to-send.ts";

export function CommandTabs({ setup }: { readonly setup: Setup }) {
  const ways = waysToSend(setup);
  const [chosen, setChosen] = useState("run");
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  if (way === undefined) return null;
  return (
    <div className={css.box}>
      <Tabs label="Ways to send" tabs={ways} chosen={way.id} onChoose={setChosen}>
        <div className={css.way}>
          <p>{way.says}</p>
          <div className={css.command}>
            <pre tabIndex={0}>{way.command}</pre>
            <CopyButton label="Copy" text={() => way.command} />
          </div>
        </div>
      </Tabs>
    </div>
  );
}

import { useState } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import { Tabs } from "../elements/tabs.tsx";
import css from "./command-tabs.module.css";
import type { Way } from "./ways-to-send.ts";

/** Ways to do something, of which one is shown with a button to copy it. */
export function CommandTabs({ label, ways }: { readonly label: string; readonly ways: readonly Way[] }) {
  const [chosen, setChosen] = useState(ways[0]?.id);
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  if (way === undefined) return null;
  return (
    <div className={css.box}>
      <Tabs label={label} tabs={ways} chosen={way.id} onChoose={setChosen}>
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

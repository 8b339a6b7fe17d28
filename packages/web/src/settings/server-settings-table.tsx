import type { ServerSetting } from "@clew/protocol/api/server-settings";
import css from "./settings-page.module.css";

/** What the server was started with. */
export function ServerSettingsTable({ settings }: { readonly settings: readonly ServerSetting[] }) {
  return (
    <div className={css.card}>
      <dl className={css.settings}>
        {settings.map(({ key, value, isDefault, meaning, variable }) => (
          <div key={key} data-set={!isDefault}>
            <dt>
              <code>{key}</code>
              {!isDefault && <span className={css.tag}>set</span>}
            </dt>
            <dd>
              <span className={css.value}>{value}</span>
              <span className={css.meaning}>
                {meaning.replaceAll("`", "")} <code>{variable}</code>
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className={css.aside}>
        As it was when the server started. Change it in clew.yaml, the environment or by flags, and start the
        server anew.
      </p>
    </div>
  );
}

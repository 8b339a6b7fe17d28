import { ChoiceGroup } from "../elements/choice-group.tsx";
import { type Preference, usePreference } from "./preference.ts";
import { DENSITY, LETTER_KEYS, SIDE_BAR, THEME, TIME_ZONE } from "./preferences.ts";
import css from "./settings-page.module.css";

/** How the page looks and behaves for whoever sits before it. */
export function DisplaySettings() {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className={css.card}>
      <Choice
        of={THEME}
        label="Theme"
        choices={[
          ["system", "System"],
          ["light", "Light"],
          ["dark", "Dark"],
        ]}
      />
      <Choice
        of={TIME_ZONE}
        label="Times"
        about={`Local is ${here}.`}
        choices={[
          ["local", "Local"],
          ["utc", "UTC"],
        ]}
      />
      <Choice
        of={DENSITY}
        label="Rows of lists"
        choices={[
          ["comfortable", "Comfortable"],
          ["compact", "Compact"],
        ]}
      />
      <Choice
        of={SIDE_BAR}
        label="Side bar"
        about="Automatic has words where the window is wide."
        choices={[
          ["auto", "Automatic"],
          ["wide", "Words"],
          ["narrow", "Icons"],
        ]}
      />
      <Choice
        of={LETTER_KEYS}
        label="Single-letter keys"
        about="Off where dictation or a slip of the hand would press them. Arrows, Enter, Escape and Ctrl/⌘ K stay."
        choices={[
          ["on", "On"],
          ["off", "Off"],
        ]}
      />
      <p className={css.aside}>
        Motion follows the system's setting. All of this is kept in this browser alone.
      </p>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly of: Preference<Value>;
  readonly label: string;
  readonly about?: string;
  readonly choices: readonly (readonly [Value, string])[];
}

function Choice<Value extends string>({ of, ...rest }: ChoiceProps<Value>) {
  const [chosen, choose] = usePreference(of);
  return <ChoiceGroup {...rest} chosen={chosen} onChoose={choose} />;
}

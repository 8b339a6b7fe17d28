import { useId } from "react";
import css from "./choice-group.module.css";

interface ChoiceGroupProps<Value extends string> {
  readonly label: string;
  /** What choosing does, for people. */
  readonly about?: string;
  readonly choices: readonly (readonly [value: Value, label: string])[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of a few, as a row of radio buttons with its name beside it. */
export function ChoiceGroup<Value extends string>(props: ChoiceGroupProps<Value>) {
  const { label, about, choices, chosen, onChoose } = props;
  const id = useId();
  return (
    <fieldset className={css.group} aria-describedby={about === undefined ? undefined : `${id}-about`}>
      <legend>{label}</legend>
      {about !== undefined && <p id={`${id}-about`}>{about}</p>}
      <div className={css.choices}>
        {choices.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={id}
              value={value}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

import { HEATS, type HeatName, readHeat } from "./heat.ts";
import css from "./heat-choice.module.css";

interface HeatChoiceProps {
  readonly heat: HeatName | undefined;
  readonly onHeat: (heat: HeatName | undefined) => void;
}

/** What bars are coloured by; with the ramp while they are. */
export function HeatChoice({ heat, onHeat }: HeatChoiceProps) {
  return (
    <label className={css.choice} data-on={heat !== undefined} title="Colour by what spans took (h)">
      <span>Heat</span>
      {heat !== undefined && <i aria-hidden="true" title="From little to the most in this trace" />}
      <select value={heat ?? ""} onChange={(event) => onHeat(readHeat(event.target.value))}>
        <option value="">none</option>
        {HEATS.map(({ name, label }) => (
          <option key={name} value={name}>
            {label.toLowerCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

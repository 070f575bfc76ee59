/** Several presets to choose. */
import { useLabState } from './lab.ts';

interface PresetChecksProps {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
}

export function PresetChecks({ chosen, label, onChoose }: PresetChecksProps) {
  const presets = useLabState((state) => state.presets);
  return (
    <fieldset className="preset-checks">
      <legend>{label}</legend>
      {presets.map(({ id, preset: { name } }) => (
        <label key={id} className="preset-check">
          <input
            type="checkbox"
            className="checkbox"
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChoose(event.target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
            }
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

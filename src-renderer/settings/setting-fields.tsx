/** The fields of values that stand in the settings: each says where. */
import type { SettingsPatch } from '../../src-preload/settings.ts';
import { useServices } from '../services.ts';
import {
  ChoiceField,
  type ChoiceProps,
  NumberField,
  type NumberProps,
  OptionalTextField,
  SwitchField,
  TextField,
  type TextProps,
  type ValueProps,
} from '../ui/value-fields.tsx';

/** In place of a way to save: where the value stands in the settings. */
type Setting<Props extends { readonly value: unknown }> = Omit<Props, 'save'> & {
  readonly patch: (value: Props['value']) => SettingsPatch;
};

export function useUpdate() {
  const { bridge, store } = useServices();
  return async (patch: SettingsPatch) => {
    const settings = await bridge.invoke('settings.update', patch);
    store.setState(({ app }) => ({ app: app && { ...app, settings } }));
  };
}

export function TextSetting({ patch, ...rest }: Setting<TextProps>) {
  const update = useUpdate();
  return <TextField {...rest} save={(value) => update(patch(value))} />;
}

/** A text that may be left empty. */
export function OptionalTextSetting({
  patch,
  ...rest
}: Omit<Setting<TextProps>, 'value' | 'patch'> & Setting<ValueProps<string | null>>) {
  const update = useUpdate();
  return <OptionalTextField {...rest} save={(value) => update(patch(value))} />;
}

export function NumberSetting({ patch, ...rest }: Setting<NumberProps>) {
  const update = useUpdate();
  return <NumberField {...rest} save={(value) => update(patch(value))} />;
}

export function SwitchSetting({ patch, ...rest }: Setting<ValueProps<boolean>>) {
  const update = useUpdate();
  return <SwitchField {...rest} save={(value) => update(patch(value))} />;
}

export function ChoiceSetting<T extends string>({
  patch,
  ...rest
}: Omit<ChoiceProps<T>, 'save'> & { readonly patch: (value: T) => SettingsPatch }) {
  const update = useUpdate();
  return <ChoiceField {...rest} save={(value) => update(patch(value))} />;
}

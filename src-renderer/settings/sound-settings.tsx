/** Microphone and loudspeaker, each with a way to try it on the spot. */
import { useEffect, useRef, useState } from 'react';
import type { Settings } from '../../src-preload/settings.ts';
import { type Device, type Devices, watchDevices } from '../audio/devices.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { drawWaveform } from '../talk/waveform.ts';
import { Section } from '../ui/section.tsx';
import { ChoiceSetting, SwitchSetting } from './setting-fields.tsx';

const { fields, hints } = words.settings;

export function SoundSettings({ audio }: { audio: Settings['audio'] }) {
  const [devices, setDevices] = useState<Devices>({ inputs: [], outputs: [] });
  // Names are known only once a microphone was opened.
  const [openings, setOpenings] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an opening reveals the names
  useEffect(() => watchDevices(setDevices), [openings]);

  return (
    <Section title={words.settings.sections.audio}>
      <ChoiceSetting
        label={fields.inputDevice}
        {...choices(devices.inputs, audio.inputDeviceId)}
        value={audio.inputDeviceId ?? ''}
        patch={(id) => ({ audio: { inputDeviceId: id === '' ? null : id } })}
      />
      <MicrophoneTrial onOpened={() => setOpenings((count) => count + 1)} />
      <SwitchSetting
        label={fields.echoCancellation}
        hint={hints.echoCancellation}
        value={audio.echoCancellation}
        patch={(echoCancellation) => ({ audio: { echoCancellation } })}
      />
      <SwitchSetting
        label={fields.noiseSuppression}
        hint={hints.noiseSuppression}
        value={audio.noiseSuppression}
        patch={(noiseSuppression) => ({ audio: { noiseSuppression } })}
      />
      <SwitchSetting
        label={fields.warmMicrophone}
        hint={hints.warmMicrophone}
        value={audio.warmMicrophone}
        patch={(warmMicrophone) => ({ audio: { warmMicrophone } })}
      />
      <ChoiceSetting
        label={fields.outputDevice}
        {...choices(devices.outputs, audio.outputDeviceId)}
        value={audio.outputDeviceId ?? ''}
        patch={(id) => ({ audio: { outputDeviceId: id === '' ? null : id } })}
      />
      <OutputTrial />
      <SwitchSetting label={fields.cues} hint={hints.cues} value={audio.cues} patch={(cues) => ({ audio: { cues } })} />
    </Section>
  );
}

function choices(devices: readonly Device[], chosen: string | null) {
  const missing = chosen !== null && !devices.some(({ id }) => id === chosen);
  const names: readonly (readonly [string, string])[] = [
    ['', words.devices.systemDefault],
    ...(missing ? [[chosen, words.devices.missing] as const] : []),
    ...devices.map(({ id, label }) => [id, label] as const),
  ];
  return { values: names.map(([id]) => id), names: Object.fromEntries(names) };
}

function MicrophoneTrial({ onOpened }: { onOpened: () => void }) {
  const { capture, store } = useServices();
  const [trying, setTrying] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const opened = useRef(onOpened);
  opened.current = onOpened;

  useEffect(() => {
    if (!trying || !canvas.current) return;
    const stopDrawing = drawWaveform(canvas.current, capture.levels);
    const unsubscribe = store.subscribe((state, before) => {
      if (state.microphone !== before.microphone) opened.current();
      if (state.fault && state.fault !== before.fault) setTrying(false);
    });
    capture.monitor(true);
    return () => {
      capture.monitor(false);
      unsubscribe();
      stopDrawing();
    };
  }, [trying, capture, store]);

  return (
    <div className="trial">
      <button type="button" className="button" aria-pressed={trying} onClick={() => setTrying(!trying)}>
        {trying ? words.settings.stopTrying : words.settings.tryMicrophone}
      </button>
      {trying && <canvas ref={canvas} className="trial-level" role="img" aria-label={words.settings.level} />}
    </div>
  );
}

function OutputTrial() {
  const { playback } = useServices();
  return (
    <div className="trial">
      <button type="button" className="button" onClick={() => void playback.cue('closed')}>
        {words.settings.tryOutput}
      </button>
    </div>
  );
}

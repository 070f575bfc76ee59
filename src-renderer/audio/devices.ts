/** The microphones and loudspeakers that can be chosen. Their names are known once the microphone has been allowed. */
import { words } from '../i18n/words.ts';

export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface Devices {
  readonly inputs: readonly Device[];
  readonly outputs: readonly Device[];
}

/** Entries that stand for another device. */
const ALIASES = new Set(['', 'default', 'communications']);

async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const ofKind = (kind: MediaDeviceKind): Device[] =>
    all
      .filter((device) => device.kind === kind && !ALIASES.has(device.deviceId))
      .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || words.devices.unnamed(index + 1) }));
  return { inputs: ofKind('audioinput'), outputs: ofKind('audiooutput') };
}

/** Calls with the list now and whenever it changes. @returns stops watching. */
export function watchDevices(listener: (devices: Devices) => void): () => void {
  const refresh = () => void listDevices().then(listener);
  navigator.mediaDevices.addEventListener('devicechange', refresh);
  refresh();
  return () => navigator.mediaDevices.removeEventListener('devicechange', refresh);
}

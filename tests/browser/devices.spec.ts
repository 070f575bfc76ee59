/** Which devices are used, when they are chosen late or go away for a while. */
import { expect, test } from './fixtures.ts';

declare global {
  interface Window {
    /** What microphones were asked for; `any` for the system's. */
    readonly asked: string[];
    /** Opens the one that was asked for first. */
    letOpen(): void;
    /** Where the sound goes; '' for the system's loudspeaker. */
    readonly sinks: string[];
    headphones: boolean;
  }
}

/** Runs in the page, before its scripts: two of each, of which the headphones are not plugged in yet. */
function listDevices(): void {
  const device = (kind: MediaDeviceKind, deviceId: string, label: string) =>
    ({ kind, deviceId, label, groupId: '', toJSON: () => ({}) }) as MediaDeviceInfo;
  navigator.mediaDevices.enumerateDevices = async () => [
    device('audioinput', 'built-in', 'Built-in microphone'),
    device('audioinput', 'headset', 'Headset'),
    device('audiooutput', 'headphones', 'Headphones'),
  ];

  const asked: string[] = [];
  const first = Promise.withResolvers<void>();
  const { getUserMedia } = navigator.mediaDevices;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const { audio } = constraints as { audio: { deviceId?: { exact: string } } };
    asked.push(audio.deviceId?.exact ?? 'any');
    if (asked.length === 1) await first.promise;
    return getUserMedia.call(navigator.mediaDevices, constraints);
  };

  const sinks: string[] = [];
  const setSinkId = async (id: string) => {
    if (id !== '' && !window.headphones) throw new DOMException('not there', 'NotFoundError');
    sinks.push(id);
  };
  Object.assign(AudioContext.prototype, { setSinkId });
  Object.assign(window, { asked, letOpen: first.resolve, sinks, headphones: false });
}

// Plugged in here, so that its way into the page is watched.
test.use({ injectMicrophone: false });
test.beforeEach(async ({ page, microphone }) => {
  await microphone.plugIn();
  await page.addInitScript(listDevices);
});

test('a microphone that is chosen while another one opens is the one that is used', async ({ talk, page }) => {
  await talk.open('Settings');
  await page.getByRole('button', { name: 'Try the microphone' }).click();
  await expect.poll(() => page.evaluate(() => window.asked)).toEqual(['any']);
  await page.getByLabel('Microphone', { exact: true }).selectOption('Headset');
  await expect(page.getByText('Saved').first()).toBeVisible();
  await page.evaluate(() => window.letOpen());
  await expect.poll(() => page.evaluate(() => window.asked)).toEqual(['any', 'headset']);
});

test('a chosen loudspeaker is used again when it comes back', async ({ talk, page }) => {
  await talk.open('Settings');
  await page.getByLabel('Output', { exact: true }).selectOption('Headphones');
  await expect.poll(() => page.evaluate(() => window.sinks)).toEqual(['']);
  await page.evaluate(() => {
    window.headphones = true;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
  await expect.poll(() => page.evaluate(() => window.sinks)).toEqual(['', 'headphones']);
});

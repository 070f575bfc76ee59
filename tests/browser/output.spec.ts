/** The loudspeaker’s context: it sleeps, and a device that goes away may stop it. */
import type { Page } from '@playwright/test';
import { speech } from '../support/speech.ts';
import { expect, test } from './fixtures.ts';

declare global {
  interface Window {
    /** As the system does it when the output device goes away. */
    stopOutput(): Promise<void>;
    /** In which state the context was when a note began. */
    readonly notes: AudioContextState[];
  }
}

/** Runs in the page, before its scripts. */
function watchOutput(): void {
  const notes: AudioContextState[] = [];
  const { suspend } = AudioContext.prototype;
  let output: AudioContext | null = null;
  AudioContext.prototype.suspend = function (this: AudioContext & { sinkId?: unknown }) {
    // The capture has none.
    if (typeof this.sinkId === 'string') output = this;
    return suspend.call(this);
  };
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (this: AudioScheduledSourceNode, when?: number) {
    if (this instanceof OscillatorNode) notes.push(this.context.state);
    return start.call(this, when);
  };
  Object.assign(window, { notes, stopOutput: () => suspend.call(output as unknown as AudioContext) });
}

const stopOutput = (page: Page) => page.evaluate(() => window.stopOutput());

test.use({ providerOptions: { transcript: 'Some words.', reply: 'This is an answer of more than one or two words.' } });
test.beforeEach(({ page }) => page.addInitScript(watchOutput));

test('a note is never kept for later by a loudspeaker that fell asleep', async ({ talk, page, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('I go on for a long time.'));
  await stopOutput(page);
  await talk.letGo();
  await talk.idle();
  expect(await page.evaluate(() => window.notes)).toEqual(['running', 'running']);
});

test('a reply goes on when its output was stopped, and ends', async ({ talk, page, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('Say something.'));
  await talk.letGo();
  await expect(talk.key).toHaveAttribute('data-mode', 'speaking');
  await stopOutput(page);
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
});

/** A long conversation that is played: what sounds stays in sight, unless the reader has gone elsewhere. */
import type { Locator } from '@playwright/test';
import { openAuditLog } from '../../src-main/audit/audit-log.ts';
import { lockHome } from '../../src-main/audit/store/home-lock.ts';
import { EventScript, noise } from '../support/turns.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

const TURNS = 1_200;
const SAMPLES = 4_800;

test.describe.configure({ timeout: 120_000 });

test.beforeEach(({ home }) => {
  const lock = lockHome(home);
  const log = openAuditLog(lock, { appVersion: '0.0.0-test', onFault: (fault) => Promise.reject(fault) });
  const script = new EventScript(log.record);
  for (let turn = 0; turn < TURNS; turn++) tell(script, turn);
  log.close();
  lock.release();
});

/** Heard for 200 ms; how tall it is can't be guessed, for its words are of many lengths. */
function tell(script: EventScript, turn: number): void {
  const turnId = `t${turn}`;
  const text = 'WWWW iii '.repeat(1 + ((turn * 7) % 60));
  script.begin(turnId, { source: 'text' });
  script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: `Question ${turn}` });
  script.emit({ type: 'agent_text_generated', turnId, text });
  script.emit({ type: 'agent_audio_generated', turnId, samples: noise(SAMPLES, turn), text });
  script.emit({ type: 'agent_speech_heard', turnId, heardSamples: SAMPLES, heardText: text });
  script.emit({ type: 'agent_speech_committed', turnId, messageId: null, text, heardText: text, interrupted: false });
  script.end(turnId, 'completed');
}

async function playFromTheMiddle(talk: TalkPage): Promise<Locator> {
  const { page } = talk;
  await talk.open('History');
  await page.locator('[data-row] .panes-row').first().click();
  await expect(page.getByRole('article').first()).toContainText('Question 0');
  const script = page.getByRole('region', { name: 'Conversation' });
  await script.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  await expect(page.getByText(`Question ${TURNS / 2}`)).toBeAttached();
  await page.getByText(`Question ${TURNS / 2}`).scrollIntoViewIfNeeded();
  await page.locator('[data-turn]', { hasText: `Question ${TURNS / 2}` }).press('p');
  return script;
}

/** Whether the turn of each of the next recordings is wholly in sight when it has begun. */
function watched(script: Locator, count: number): Promise<boolean[]> {
  return script.evaluate(async (element, wanted) => {
    const audio = document.querySelector('audio') as HTMLAudioElement;
    const settled = () => new Promise((done) => setTimeout(done, 100));
    const seen: boolean[] = [];
    while (seen.length < wanted) {
      await new Promise((done) => audio.addEventListener('playing', done, { once: true }));
      await settled();
      const id = /recordings\/([^/]+)/.exec(audio.src)?.[1] ?? '';
      const turn = document.querySelector(`[data-turn="${id}"]`)?.getBoundingClientRect();
      const { bottom, top } = element.getBoundingClientRect();
      seen.push(turn !== undefined && turn.top >= top - 1 && turn.bottom <= bottom + 1);
    }
    return seen;
  }, count);
}

test('each turn is wholly in sight while it sounds', async ({ talk }) => {
  const script = await playFromTheMiddle(talk);
  expect(await watched(script, 25)).toEqual(Array(25).fill(true));
});

test('whoever scrolls away is left there, and is followed again when back', async ({ talk, page }) => {
  const script = await playFromTheMiddle(talk);
  await watched(script, 2);
  await script.hover();
  await page.mouse.wheel(0, -4_000);
  const sounding = script.getByRole('button', { name: /^Pause/ });
  await expect(sounding).not.toBeInViewport();
  await watched(script, 1);
  const stood = await script.evaluate((element) => element.scrollTop);
  await watched(script, 5);
  expect(await script.evaluate((element) => element.scrollTop)).toBe(stood);

  await expect(async () => {
    await page.mouse.wheel(0, 300);
    await expect(sounding).toBeInViewport({ timeout: 100 });
  }).toPass({ intervals: [50] });
  await watched(script, 1);
  expect(await watched(script, 5)).toEqual(Array(5).fill(true));
});

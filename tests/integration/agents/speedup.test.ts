/** Conversations at one and a half times the pace: what is heard, at which pitch, and what counts as heard. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { Speedup } from '../../../src-main/agents/speedup.ts';
import { PIPELINE_RATE } from '../../../src-main/audio/frame.ts';
import { converse } from '../../support/conversation.ts';
import { startRealtimeServer } from '../../support/realtime-server.ts';
import { modelAt, realtimeServerAt } from '../realtime/calls.ts';

const PITCH = 220;

/** A voiced sound: a fundamental with overtones, as a larynx makes. */
const voiced = Int16Array.from({ length: 2 * PIPELINE_RATE }, (_, index) => {
  const turns = (2 * Math.PI * PITCH * index) / PIPELINE_RATE;
  return Math.round(6_000 * Math.sin(turns) + 3_000 * Math.sin(2 * turns) + 1_500 * Math.sin(3 * turns));
});

/** The pitch in Hz, by autocorrelation over the middle of the sound. */
function pitchOf(samples: Int16Array): number {
  const middle = samples.subarray(samples.length / 3, samples.length / 3 + 4_800);
  const score = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < middle.length; i++) sum += (middle[i] as number) * (middle[i - lag] as number);
    return sum / (middle.length - lag);
  };
  let best = 60;
  for (let lag = 60; lag < 400; lag++) if (score(lag) > score(best) * 1.001) best = lag;
  return PIPELINE_RATE / best;
}

describe('speedup', () => {
  test('everything is spoken half as fast again, at the same pitch, and every word counts as heard', async () => {
    const user = await converse({ agent: new Speedup(), reply: 'One sentence. And another.', speech: voiced });
    const turn = await user.type('Hello?');
    expect(turn).toMatchObject({ outcome: 'completed', heard: 'One sentence. And another.' });
    const spoken = user.spoken.length * voiced.length;
    expect(turn.sound.length / spoken).toBeCloseTo(1 / 1.5, 1);
    expect(pitchOf(turn.sound)).toBeCloseTo(pitchOf(voiced), -1);
    expect(pitchOf(voiced)).toBeCloseTo(PITCH, -1);
  });

  test('an interruption keeps the words that were heard at the new speed', async () => {
    const user = await converse({
      agent: new Speedup(),
      reply: 'First sentence here. Second sentence here.',
      speech: voiced,
      hearsUpTo: Math.round((voiced.length / 1.5) * 1.05),
    });
    const turnId = user.send('Hello?');
    await user.until(() =>
      user.eventsOf('agent_speech_heard', turnId).some(({ heardText }) => heardText.includes('here')),
    );
    user.session.interrupt();
    const turn = await user.outcome(turnId);
    expect(turn.outcome).toBe('interrupted');
    expect(turn.heard).toMatch(/^First sentence here\./);
    expect(turn.heard).not.toContain('Second sentence here.');
  });

  test('a realtime model is sped up, too, and remembers of an interrupted answer what was heard of it', async () => {
    const at = await startRealtimeServer({ reply: { text: 'One two three four.', sound: voiced, endless: true } });
    onTestFinished(() => at.close());
    const hearsUpTo = PIPELINE_RATE / 2;
    const user = await converse({ agent: new Speedup(), realtime: modelAt(realtimeServerAt(at.baseUrl)), hearsUpTo });
    const turnId = user.send('Hello?');
    await user.until(() => user.eventsOf('agent_speech_heard', turnId).at(-1)?.heardSamples === hearsUpTo);
    user.session.interrupt();
    const turn = await user.outcome(turnId);
    expect(turn.outcome).toBe('interrupted');
    expect(pitchOf(turn.sound)).toBeCloseTo(PITCH, -1);
    // Half a second was heard: three quarters of a second of what the model said.
    const { audio_end_ms } = await at.received('conversation.item.truncate');
    expect(Math.abs(Number(audio_end_ms) - 750)).toBeLessThan(50);
  });
});

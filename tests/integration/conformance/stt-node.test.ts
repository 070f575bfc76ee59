/** sttNode, as LiveKit documents it: it transcribes audio frames into speech events. */
import { describe, expect, test } from 'vitest';
import { type AudioFrame, concatSamples } from '../../../src-main/audio/frame.ts';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import { converse, withHost } from '../../support/conversation.ts';
import { quiet, speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');
const more = await speech('And how late is it in Berlin?');

describe('sttNode', () => {
  test('by default uses the speech-to-text of the agent', async () => {
    const own = await converse({ agent: agent({ id: 'plain', instructions: '' }), transcript: 'Not asked.' });
    const { models } = own.session;
    const host = agent({
      id: 'host',
      instructions: '',
      stt: {
        ...models.stt,
        async *recognize(audio) {
          for await (const _ of audio);
          yield { type: 'final', text: 'From the agent’s own.' };
        },
      },
    });
    const user = await converse({ agent: host });
    expect((await user.say(spoken)).user).toBe('From the agent’s own.');
    expect(user.server.requests('stt')).toEqual([]);
  });

  test('by default uses the session’s when the agent has none', async () => {
    const user = await withHost({}, { transcript: 'From the session’s.' });
    expect((await user.say(spoken)).user).toBe('From the session’s.');
  });

  test('a recogniser that does not stream is wrapped by voice detection: phrases are recognised while one speaks', async () => {
    const user = await withHost({}, { transcript: 'A phrase.' });
    const turnId = user.press();
    user.speak(concatSamples([spoken, quiet(800)]));
    await user.until(() => user.eventsOf('user_input_transcribed', turnId).find(({ final }) => final));
    expect(user.session.state.phase).toBe('recording');
    user.session.clearUserTurn();
    await user.outcome(turnId);
  });

  test('what voice detection cuts, joined, is what was captured', async () => {
    const user = await withHost({}, { transcript: 'A phrase.' });
    const sound = concatSamples([spoken, quiet(800), more]);
    expect((await user.say(sound)).user).toBe('A phrase. A phrase.');
    const sent = concatSamples(user.server.requests('stt').flatMap(({ audio }) => (audio ? [audio.samples] : [])));
    expect(sent.subarray(0, sound.length)).toEqual(sound);
  });

  test('can pre-process the audio frames', async () => {
    async function* louder(audio: AsyncIterable<AudioFrame>): AsyncGenerator<AudioFrame> {
      for await (const frame of audio) yield { ...frame, samples: frame.samples.map((sample) => sample >> 1) };
    }
    const user = await withHost({
      sttNode: (self, audio, settings) => Agent.default.sttNode(self, louder(audio), settings),
    });
    await user.say(spoken);
    const sent = concatSamples(user.server.requests('stt').flatMap(({ audio }) => (audio ? [audio.samples] : [])));
    expect(sent.subarray(0, spoken.length)).toEqual(spoken.map((sample) => sample >> 1));
  });

  test('can post-process the transcribed text, and its words are what the model sees', async () => {
    const user = await withHost(
      {
        async *sttNode(self, audio, settings) {
          for await (const event of Agent.default.sttNode(self, audio, settings) ?? []) {
            yield { ...event, text: event.text.replaceAll(/\bum,? /gi, '') };
          }
        },
      },
      { transcript: 'Um, what is um the time?' },
    );
    expect((await user.say(spoken)).user).toBe('what is the time?');
    expect(user.prompts[0]?.at(-1)?.content).toBe('what is the time?');
  });

  test('can use another strategy of recognition altogether, yielding plain strings', async () => {
    const user = await withHost({
      async *sttNode(_self, audio) {
        let samples = 0;
        for await (const frame of audio) samples += frame.samples.length;
        yield samples > spoken.length ? 'A long' : 'A short';
        yield 'recording.';
      },
    });
    expect((await user.say(spoken)).user).toBe('A long recording.');
    expect(user.server.requests('stt')).toEqual([]);
  });

  test('interim events are shown and final ones are kept', async () => {
    const user = await withHost({
      async *sttNode(_self, audio) {
        for await (const _ of audio);
        yield { type: 'interim', text: 'What tie' };
        yield { type: 'final', text: 'What time?' };
      },
    });
    const turn = await user.say(spoken);
    expect(turn.user).toBe('What time?');
    expect(user.eventsOf('user_input_transcribed', turn.id).map(({ text, final }) => [text, final])).toEqual([
      ['What tie', false],
      ['What time?', true],
    ]);
  });

  test('null switches it off: nothing is recognised and nothing is answered', async () => {
    const user = await withHost({ sttNode: () => null });
    expect(await user.say(spoken)).toMatchObject({ outcome: 'no-speech', error: null });
    expect(user.server.requests()).toEqual(user.server.requests().filter(({ stage }) => stage === null));
  });

  test('a failing recogniser fails its turn, never the session', async () => {
    const user = await withHost({}, { transcript: 'Hello.', chaos: [{ stage: 'stt', kind: 'malformed' }] });
    expect(await user.say(spoken)).toMatchObject({ outcome: 'failed', error: { stage: 'stt' } });
    user.server.setChaos();
    expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', user: 'Hello.' });
  });
});

/** Input that does not fit is refused in words for people. */
import { expect, test } from 'vitest';
import { parseCommand } from '../../../src-main/app/parse-command.ts';
import { Fault } from '../../../src-main/fault.ts';

function refusal(name: string, input: unknown): string {
  try {
    parseCommand(name, input);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.message;
  }
  throw new Error('it was not refused');
}

test.each([
  [{ vad: { threshold: 4 } }, 'Must be at most 0.99'],
  [{ vad: { threshold: 0 } }, 'Must be at least 0.01'],
  [{ vad: { padAfterMs: 1.5 } }, 'Must be a whole number'],
  [{ stt: { model: '' } }, 'Must not be empty'],
  [{ stt: { language: 'e' } }, 'Must have at least 2 characters'],
  [{ stt: { baseUrl: 'nowhere' } }, 'Must be a URL that starts with http:// or https://'],
  [{ appearance: 'loud' }, 'Must be one of system, light, dark'],
])('a setting is refused as its field shows it: %j', (patch, message) => {
  expect(refusal('settings.update', patch)).toBe(message);
});

test('two wrong settings are told apart', () => {
  const message = refusal('settings.update', { vad: { threshold: 4, padAfterMs: -1 } });
  expect(message).toBe('settings.update: vad.threshold must be at most 0.99; vad.padAfterMs must be at least 0');
});

test('any other command names itself and the value', () => {
  expect(refusal('talk.sendText', { text: ' ' })).toBe('talk.sendText: text must not be empty');
  expect(refusal('talk.sendText', {})).toBe('talk.sendText: text is missing');
  expect(refusal('talk.sing', {})).toBe('There is no command "talk.sing"');
});

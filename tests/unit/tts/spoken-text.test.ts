import { expect, it } from 'vitest';
import { hasSound, spokenText } from '../../../src-main/speech/tts/spoken-text.ts';

it.each([
  ['**Hold** the _key_, then *let go*.', 'Hold the key, then let go.'],
  ['## Keys\n- `Space` talks\n* Esc cancels', 'Keys\nSpace talks\nEsc cancels'],
  ['See [the manual](https://a.example/b) for more.', 'See the manual for more.'],
  ['2 * 3 * 4 and snake_case_name, 5 - 3', '2 * 3 * 4 and snake_case_name, 5 - 3'],
  ['-5 degrees', '-5 degrees'],
])('speaks %j as %j', (written, spoken) => {
  expect(spokenText(written)).toBe(spoken);
});

it('knows what has no sound', () => {
  expect(['…', ' \n', '***', '?!'].some(hasSound)).toBe(false);
  expect(['a', '7', '好', '👋', '€'].every(hasSound)).toBe(true);
});

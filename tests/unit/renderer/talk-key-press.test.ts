import { expect, it } from 'vitest';
import { isKeyAlone } from '../../../src-renderer/talk/talk-key-press.ts';

const press = { code: 'Space', repeat: false, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };

it('takes the talk key pressed alone', () => expect(isKeyAlone(press, 'Space')).toBe(true));
it('takes no other key', () => expect(isKeyAlone({ ...press, code: 'KeyT' }, 'Space')).toBe(false));
it('takes no auto-repeat', () => expect(isKeyAlone({ ...press, repeat: true }, 'Space')).toBe(false));
it.each(['ctrlKey', 'altKey', 'metaKey', 'shiftKey'])('takes no shortcut with %s', (modifier) =>
  expect(isKeyAlone({ ...press, [modifier]: true }, 'Space')).toBe(false),
);
it('takes a modifier that is the talk key', () =>
  expect(isKeyAlone({ ...press, code: 'ControlRight', ctrlKey: true }, 'ControlRight')).toBe(true));

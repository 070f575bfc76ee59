import { expect, test } from 'vitest';
import { readInvitation } from '../../../src-renderer/guest/invitation.ts';

const tokenOf = (claims: unknown) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
const hash = (url: string, token: string) => `#${new URLSearchParams({ url, token })}`;

test('says whom it invites, and until when', () => {
  const token = tokenOf({ sub: 'guest-1', name: 'Zoë Müller', exp: 1_700_000_000, video: { room: 'lab' } });
  expect(readInvitation(hash('wss://rooms.example/', token))).toEqual({
    url: 'wss://rooms.example/',
    token,
    name: 'Zoë Müller',
    expiresAt: 1_700_000_000_000,
  });
});

test.each([
  ['nothing', ''],
  ['no token', '#url=wss://rooms.example'],
  ['an address of another kind', hash('javascript:alert(1)', tokenOf({}))],
  ['no address', hash('wss:', tokenOf({}))],
  ['a token that is none', hash('wss://rooms.example', 'abc')],
  ['a token of something else', hash('wss://rooms.example', tokenOf(7))],
])('%s is no invitation', (_, given) => {
  expect(readInvitation(given)).toBeNull();
});

test('believes no claim that is not text', () => {
  const token = tokenOf({ sub: 5, name: { x: 1 }, exp: 'never' });
  expect(readInvitation(hash('wss://rooms.example', token))).toMatchObject({ name: '', expiresAt: null });
});

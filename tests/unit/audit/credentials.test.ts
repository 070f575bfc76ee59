import { expect, it } from 'vitest';
import { blotOut, withholdHeaders, withholdInUrl } from '../../../src-main/audit/recording/credentials.ts';

const KEY = 'sk-live-0123456789abcdef';

it('withholds every header that carries a credential and keeps the rest', () => {
  const { kept, withheld } = withholdHeaders(
    new Headers({
      Authorization: `Bearer ${KEY}`,
      'api-key': KEY,
      'X-Api-Key': KEY,
      'x-goog-api-key': KEY,
      cookie: `session=${KEY}`,
      'set-cookie': `session=${KEY}`,
      'proxy-authorization': KEY,
      'x-auth-token': KEY,
      'openai-organization': 'org-1',
      'content-type': 'application/json',
      'x-ratelimit-remaining-tokens': '149984',
    }),
  );
  expect(kept).toEqual([
    ['content-type', 'application/json'],
    ['openai-organization', 'org-1'],
    ['x-ratelimit-remaining-tokens', '149984'],
  ]);
  expect(withheld).toHaveLength(8);
});

it('knows the secret inside an authorization, so that it can be found elsewhere', () => {
  expect(withholdHeaders(new Headers({ authorization: `Bearer ${KEY}` })).secrets).toContain(KEY);
});

it('takes user info and telltale parameters out of a URL', () => {
  const { url, secrets } = withholdInUrl(
    `https://me:${KEY}@example.com/v1?api_key=${KEY}&accessToken=${KEY}&model=tts-1`,
  );
  expect(url).toBe('https://example.com/v1?api_key=withheld&accessToken=withheld&model=tts-1');
  expect(secrets).toContain(KEY);
});

it('blots out a secret that comes back, at equal length, and leaves other bytes alone', () => {
  const body = Buffer.from(`you sent ${KEY}, and again ${KEY}\0\xff`, 'latin1');
  const clean = Buffer.from(blotOut(body, [KEY])).toString('latin1');
  const stars = '*'.repeat(KEY.length);
  expect(clean).toBe(`you sent ${stars}, and again ${stars}\0\xff`);
  expect(body.includes(KEY)).toBe(true);
});

it('does not take a stand-in for a key, such as `ollama`, out of the words', () => {
  expect(withholdHeaders(new Headers({ authorization: 'Bearer ollama' })).secrets).toEqual([]);
});

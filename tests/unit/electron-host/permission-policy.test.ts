import { describe, expect, test } from 'vitest';
import { mayCheck, mayDownload, mayRequest } from '../../../src-main/hosts/electron/permission-policy.ts';

const ours = { isMainFrame: true, requestingUrl: 'squelch://app/', securityOrigin: 'squelch://app/' };
const sound = { ...ours, mediaTypes: ['audio'] };

describe('a request', () => {
  test('for sound, by our window: granted', () => {
    expect(mayRequest('media', sound)).toBe(true);
  });

  test.each([
    ['the camera', { ...ours, mediaTypes: ['video'] }],
    ['both', { ...ours, mediaTypes: ['audio', 'video'] }],
    ['nothing said', { ...ours, mediaTypes: [] }],
    ['no kinds at all', ours],
    ['sound, by a frame in it', { ...sound, isMainFrame: false }],
    ['sound, by another page', { ...sound, requestingUrl: 'https://app/' }],
    ['sound, for another origin', { ...sound, securityOrigin: 'https://evil.example/' }],
    ['sound, for no origin', { ...sound, securityOrigin: undefined }],
  ])('for %s: refused', (_, details) => {
    expect(mayRequest('media', details)).toBe(false);
  });

  test.each(['geolocation', 'notifications', 'display-capture', 'openExternal', 'clipboard-read', 'fileSystem', 'hid'])(
    'for %s: refused',
    (permission) => {
      expect(mayRequest(permission, sound)).toBe(false);
    },
  );

  test.each([
    ['another loudspeaker', 'speaker-selection'],
    ['words on the clipboard', 'clipboard-sanitized-write'],
  ])('for %s: granted to our window alone', (_, permission) => {
    expect(mayRequest(permission, ours)).toBe(true);
    expect(mayRequest(permission, { ...ours, requestingUrl: 'https://evil.example/' })).toBe(false);
  });
});

describe('a check', () => {
  const details: Parameters<typeof mayCheck>[2] = { isMainFrame: true };

  test.each(['audio', undefined] as const)('of media, kind %s: allowed', (mediaType) => {
    const kind = mediaType ? { mediaType } : {};
    expect(mayCheck('media', 'squelch://app/', { ...details, ...kind })).toBe(true);
  });

  test.each([
    ['the camera', 'media', 'squelch://app/', { ...details, mediaType: 'video' as const }],
    ['another origin', 'media', 'https://evil.example/', details],
    ['no origin', 'media', '', details],
    ['a frame', 'media', 'squelch://app/', { isMainFrame: false }],
    ['anything else', 'geolocation', 'squelch://app/', details],
  ])('of %s: refused', (_, permission, origin, given) => {
    expect(mayCheck(permission, origin, given)).toBe(false);
  });
});

test.each([
  ['an export', 'squelch://app/exports/squelch-1.mp3', true],
  ['what the window made itself', 'blob:squelch://app/7f9c', true],
  ['a file of the web', 'https://evil.example/a.exe', false],
  ['what another page made', 'blob:https://evil.example/7f9c', false],
  ['data', 'data:text/html,hello', false],
])('a download of %s', (_, url, allowed) => {
  expect(mayDownload(url)).toBe(allowed);
});

import { createHash, createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { commit, GENESIS, hashEntry, newSalt, openCommitment } from '../../../src-main/audit/chain/chain.ts';

const bytes = (text: string) => Buffer.from(text);
const salt = Buffer.alloc(32, 7);

it('commits to content as documented: HMAC of type, bytes and length', () => {
  const expected = createHmac('sha256', salt)
    .update(Buffer.from([0, 0, 0, 4]))
    .update('text')
    .update('hello')
    .update(Buffer.from([0, 0, 0, 0, 0, 0, 0, 5]))
    .digest('hex');
  expect(commit('text', bytes('hello'), salt)).toBe(expected);
});

it('commits to the same whether content comes whole or in pieces', () => {
  const pieces = openCommitment('text', salt);
  for (const letter of 'hello') pieces.update(bytes(letter));
  expect(pieces.digest()).toEqual({ length: 5, commitment: commit('text', bytes('hello'), salt) });
});

it('never takes a part of the type for content, or other bytes for the same', () => {
  const commitments = [
    commit('ab', bytes('c'), salt),
    commit('a', bytes('bc'), salt),
    commit('abc', bytes(''), salt),
    commit('ab', bytes('c\0'), salt),
    commit('ab', bytes('d'), salt),
  ];
  expect(new Set(commitments).size).toBe(commitments.length);
});

it('hides content that could be guessed: without the salt a commitment says nothing', () => {
  expect(commit('text', bytes('yes'), newSalt())).not.toBe(commit('text', bytes('yes'), newSalt()));
});

it('hashes an entry as documented, over its place and the exact bytes of its manifest', () => {
  const log = Buffer.alloc(16, 1);
  const manifest = bytes('{"kind":"x"}');
  const expected = createHash('sha256')
    .update('v1')
    .update(log)
    .update(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]))
    .update(Buffer.alloc(32))
    .update(manifest)
    .digest();
  expect(hashEntry(log, 1, GENESIS, manifest)).toEqual(expected);
  expect(hashEntry(log, 2, GENESIS, manifest)).not.toEqual(expected);
  expect(hashEntry(log, 1, GENESIS, bytes('{"kind": "x"}'))).not.toEqual(expected);
  expect(hashEntry(Buffer.alloc(16, 2), 1, GENESIS, manifest)).not.toEqual(expected);
});

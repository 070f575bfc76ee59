/** Environments and headers as people write them. */
import { expect, it } from 'vitest';
import { joinPairs, splitPairs } from '../../../src-renderer/settings/pair-lines.ts';

const environment = { separator: '=', wrong: (line: string) => `${line} is none` } as const;
const headers = { ...environment, separator: ': ' } as const;

it('lines become pairs and pairs lines again', () => {
  const tokens = { Authorization: 'Bearer a: b', 'X-Empty': '' };
  expect(splitPairs('\n Authorization:Bearer a: b \nX-Empty:\n', headers)).toEqual(tokens);
  expect(splitPairs(joinPairs(tokens, headers), headers)).toEqual(tokens);
  expect(splitPairs('A=1=2\nB= two', environment)).toEqual({ A: '1=2', B: ' two' });
});

it.each(['nothing between', ': no name'])('%j is no pair', (line) => {
  expect(() => splitPairs(line, headers)).toThrow(`${line} is none`);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinCommand, splitCommand } from '../../../src-renderer/settings/command-line.ts';

test.each([
  ['npx -y some-server /home/ada', ['npx', '-y', 'some-server', '/home/ada']],
  ['  run   "/home/ada/My notes" ', ['run', '/home/ada/My notes']],
  [`run 'it "quotes"' --name="Ada L"`, ['run', 'it "quotes"', '--name=Ada L']],
  ['C:\\tools\\server.exe --x ""', ['C:\\tools\\server.exe', '--x', '']],
  ['', []],
])('%s is split as a terminal would', (line, parts) => {
  expect(splitCommand(line)).toEqual(parts);
});

test('whatever is joined comes apart again', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (parts) => {
      expect(splitCommand(joinCommand(parts))).toEqual(parts);
    }),
  );
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockHome } from '../../../src-main/audit/store/home-lock.ts';
import { temporaryHome } from '../../support/audit.ts';

const MODULE = join(import.meta.dirname, '../../../src-main/audit/store/home-lock.ts');

/** Another process that holds the home, until it is killed. */
async function holder(home: string) {
  const script = `import { lockHome } from ${JSON.stringify(MODULE)};
    const lock = lockHome(${JSON.stringify(home)});
    process.stdout.write('held');
    // A lock that nobody refers to is let go of with the garbage.
    setInterval(() => lock.home, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

it('lets one process have a home, and tells a second one who has it', async () => {
  const home = temporaryHome();
  const child = await holder(home);
  expect(() => lockHome(home)).toThrow(
    expect.objectContaining({
      code: 'home-in-use',
      message: expect.stringContaining(`process ${child.pid}`),
      hint: expect.stringContaining('--home'),
    }),
  );
});

it('is free again when the process that held it was killed', async () => {
  const home = temporaryHome();
  const child = await holder(home);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockHome(home).release();
});

it('is free again once released, also within one process', () => {
  const home = temporaryHome();
  const first = lockHome(home);
  expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'home-in-use' }));
  first.release();
  const second = lockHome(home);
  first.release();
  expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'home-in-use' }));
  second.release();
});

it('says so when the home can’t be used', () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'file'), '');
  expect(() => lockHome(join(home, 'file'))).toThrow(expect.objectContaining({ code: 'log-not-writable' }));
});

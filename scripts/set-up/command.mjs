/** Runs other programs for the set-up, and turns what goes wrong into one line that says what to do. */
import { spawn } from 'node:child_process';

/** A failure of the set-up that the user can mend; only its message is shown. */
export class SetUpError extends Error {}

/** Ends a script with the error's one line; a bug of ours keeps its stack. */
export function fail(error) {
  process.stderr.write(`${error instanceof SetUpError ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}

/** Tells the user what takes time. On stderr: stdout belongs to the command that was asked for. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a program to its end and keeps what it said.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, limitMs?: number, shell?: boolean }} options
 * @returns {Promise<{ ok: boolean, output: string }>} also when it can't be started or takes too long.
 */
export function run(file, args, { cwd, env = process.env, limitMs, shell = false }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
    let output = '';
    const collect = (chunk) => {
      output = (output + chunk).slice(-100_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => {
      if (signal && limitMs) output += `\nstopped after ${limitMs / 1000} s`;
      resolve({ ok: code === 0, output });
    });
  });
}

/**
 * Hands the terminal to a program until it ends. An interrupt reaches it directly: it decides when to stop.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<number>} its exit status.
 */
export function runInForeground(file, args, { cwd, env = process.env, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const wait = () => {};
    process.on('SIGINT', wait);
    const child = spawn(file, args, { cwd, env, shell, stdio: 'inherit' });
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', wait);
      process.off('SIGTERM', stop);
      resolve(code ?? 1);
    });
  });
}

/** The causes of a failed download or installation that have a remedy. */
const CAUSES = [
  { sign: /ENOSPC|no space left/i, remedy: 'the disk is full. Free some space and try again.' },
  {
    sign: /EACCES|EPERM|EROFS|permission denied|read-only/i,
    remedy: 'a folder can not be written. Check who owns this folder and that it is not read-only.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|stopped after/i,
    remedy:
      'the package registry can not be reached. Check the network (or the proxy in npm’s configuration) and try again.',
  },
  { sign: /EINTEGRITY/, remedy: 'a download was damaged. Run `npm cache verify` and try again.' },
  {
    sign: /EUSAGE/,
    remedy: 'package.json and package-lock.json do not belong together. Run `npm install` to bring them in step.',
  },
];

/**
 * @param {string} output what the program said.
 * @returns {string} the likely cause with its remedy, or else the program's own last error.
 */
export function explain(output) {
  const known = CAUSES.find(({ sign }) => sign.test(output));
  if (known) return known.remedy;
  const lines = output.split('\n').map((line) => line.replace(/^npm error\s*/i, '').trim());
  return lines.findLast((line) => line && !/complete log|debug-0\.log/.test(line)) ?? 'no reason was given.';
}

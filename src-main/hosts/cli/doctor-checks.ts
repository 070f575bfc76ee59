/** What `squelch doctor` looks at: each check really tries what it is about. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { AppView } from '../../../src-preload/contract.ts';
import { STAGES } from '../../../src-preload/settings.ts';
import { prepareHome } from '../../app/home.ts';
import { Fault, toFault } from '../../fault.ts';
import { loadVad } from '../../speech/vad/silero-vad.ts';
import { INSTALLATION } from '../installation.ts';
import { openApp } from './open-app.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Without it Squelch does not run; the others only leave something out. */
  readonly required: boolean;
  readonly detail: string;
  /** What to do about it; null when it is well. */
  readonly hint: string | null;
}

type Finding = Pick<Check, 'ok' | 'detail' | 'hint'>;

const well = (detail: string): Finding => ({ ok: true, detail, hint: null });
const amiss = (detail: string, hint: string): Finding => ({ ok: false, detail, hint });

/** Runs every check, one after the other. @param home the data folder in force. */
export async function runChecks(home: string): Promise<Check[]> {
  const checks: Check[] = [];
  const check = async (name: string, required: boolean, look: () => Finding | Promise<Finding>): Promise<void> => {
    const finding = await Promise.resolve()
      .then(look)
      .catch((error) => {
        const { message, hint } = toFault(error);
        return amiss(message, hint);
      });
    checks.push({ name, required, ...finding });
  };
  await check('node', true, checkNode);
  await check('sqlite', true, checkSqlite);
  await check('voice detection', true, checkVad);
  await check('data folder', true, () => checkHome(home));
  await check('core', true, () => checkCore(home));
  await check('window', false, checkWindow);
  await check('electron', false, checkElectron);
  await check('display', false, checkDisplay);
  await check('keys', false, checkKeys);
  return checks;
}

function checkNode(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.version} on ${process.platform} ${process.arch}`;
  return major >= 22 ? well(detail) : amiss(detail, 'Run it with `npm run -s squelch`, which brings its own Node.');
}

function checkSqlite(): Finding {
  const database = new Database(':memory:');
  try {
    return well(`SQLite ${database.prepare('SELECT sqlite_version()').pluck().get()}`);
  } finally {
    database.close();
  }
}

async function checkVad(): Promise<Finding> {
  const { modelSha256 } = await loadVad(INSTALLATION.models);
  return well(`Silero weights ${modelSha256}, loaded by onnxruntime`);
}

async function checkHome(home: string): Promise<Finding> {
  prepareHome(home);
  const probe = await mkdtemp(join(home, 'doctor-'));
  await writeFile(join(probe, 'probe'), 'squelch');
  await rm(probe, { recursive: true });
  const { bavail, bsize } = await statfs(home);
  return well(`${home}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free`);
}

/** Starts the core as a window would, which opens the log and reads the settings. Where one runs already, it does work. */
async function checkCore(home: string): Promise<Finding> {
  const app = await openApp(home, 'cli').catch((error) => {
    if (!(error instanceof Fault && error.code === 'home-in-use')) throw error;
    return error;
  });
  if (app instanceof Fault) return well(app.message);
  try {
    const window = app.connect({ event: () => {}, packet: () => {} });
    const { stages } = (await window.invoke('app.get', {})) as AppView;
    window.close();
    const parts = STAGES.map((stage) => `${stage} ${stages[stage].label}${at(stages[stage].baseUrl)}`);
    return well(parts.join(', '));
  } finally {
    await app.close();
  }
}

function at(baseUrl: string | null): string {
  return baseUrl ? ` at ${withoutCredentials(baseUrl)}` : '';
}

/** An address may carry a password. */
function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (!url.username && !url.password) return address;
  return Object.assign(url, { username: '', password: '' }).href;
}

function checkWindow(): Finding {
  return existsSync(join(INSTALLATION.window, 'index.html'))
    ? well('built')
    : amiss('not built', '`npm start` builds it.');
}

/** Never asks the package itself: that would try to download the binary. */
function checkElectron(): Finding {
  const folder = dirname(createRequire(join(INSTALLATION.root, 'package.json')).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  const binary = existsSync(pathFile) && join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  if (binary && existsSync(binary)) return well(binary);
  return amiss('its binary is not installed', '`npm start` tries to fetch it and opens a browser where it can’t.');
}

function checkDisplay(): Finding {
  if (process.platform !== 'linux') return well('the system’s own');
  const display = process.env.WAYLAND_DISPLAY || process.env.DISPLAY;
  return display ? well(display) : amiss('none', 'Use the browser: `npm start -- --browser`.');
}

function checkKeys(): Finding {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: address } = process.env;
  if (address && !/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : '')) {
    return amiss(`OPENAI_BASE_URL is no address: ${address}`, 'Set it to one such as http://127.0.0.1:8000/v1.');
  }
  const server = address ? `, server ${withoutCredentials(address)}` : '';
  if (key) return well(`OPENAI_API_KEY is set${server}`);
  if (server) return well(`no key in the environment${server}`);
  return amiss('no key in the environment', 'Set OPENAI_API_KEY or OPENAI_BASE_URL, or use the Settings screen.');
}

/** A browser test's surroundings: Squelch's real browser host on a folder of its own, a provider, and a microphone. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from '../support/provider-server.ts';
import { startSquelch } from '../support/squelch-command.ts';
import { Microphone } from './microphone.ts';

export { expect };

export interface Host {
  readonly home: string;
  readonly port: number;
  /** Lets one browser in, once. */
  readonly link: string;
  stop(): Promise<void>;
}

export interface Options {
  /** How the provider answers; null for none, which is practice mode. */
  providerOptions: ProviderServerOptions | null;
  /** False leaves the page the devices that this machine has. */
  injectMicrophone: boolean;
}

interface Fixtures {
  home: string;
  provider: ProviderServer;
  host: Host;
  microphone: Microphone;
  talk: TalkPage;
}

export const test = base.extend<Options & Fixtures>({
  providerOptions: [null, { option: true }],
  injectMicrophone: [true, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  home: async ({}, use) => {
    const home = await mkdtemp(join(tmpdir(), 'squelch-browser-'));
    await use(home);
    await rm(home, { recursive: true, force: true });
  },

  provider: async ({ providerOptions }, use) => {
    const server = await startProviderServer(providerOptions ?? {});
    await use(server);
    await server.close();
  },

  host: async ({ home, provider, providerOptions }, use) => {
    const environment = { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: 'sk-test-0123456789' };
    const host = await serve(home, providerOptions ? environment : {});
    await use(host);
    await host.stop();
  },

  microphone: async ({ page }, use) => {
    await use(new Microphone(page));
  },

  talk: async ({ page, host, microphone, injectMicrophone }, use) => {
    if (injectMicrophone) await microphone.plugIn();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(host.link);
    const talk = new TalkPage(page, microphone);
    await expect(talk.key).toHaveAttribute('data-mode', 'idle');
    await use(talk);
    expect(complaints, 'errors in the console').toEqual([]);
  },
});

/** Starts the host as a user would. @param port 0 takes any. */
export async function serve(home: string, environment: Record<string, string>, port = 0): Promise<Host> {
  const child = startSquelch(['serve', '--port', String(port), '--json', '--home', home], environment);
  const printed = await firstDocument(child);
  const { url, port: opened } = JSON.parse(printed) as { url: string; port: number };
  return {
    home,
    port: opened,
    link: url,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function firstDocument(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let complaint = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      if (out.endsWith('}\n')) resolve(out);
    });
    child.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    child.once('exit', (code) => reject(new Error(`squelch serve ended with ${code}: ${complaint}`)));
  });
}

/** The Talk screen as a person uses it. */
export class TalkPage {
  readonly page: Page;
  readonly key: Locator;
  readonly turns: Locator;
  readonly message: Locator;
  readonly #microphone: Microphone;

  constructor(page: Page, microphone: Microphone) {
    this.page = page;
    this.key = page.locator('[data-talk-key]');
    this.turns = page.getByRole('log', { name: 'Conversation' }).getByRole('article');
    this.message = page.getByRole('textbox', { name: 'Message' });
    this.#microphone = microphone;
  }

  /** Presses the talk key and waits until the microphone is live. */
  async hold(): Promise<void> {
    await this.page.keyboard.down('Space');
    await expect(this.key).toHaveAttribute('data-mode', 'recording');
  }

  async letGo(): Promise<void> {
    await this.page.keyboard.up('Space');
  }

  /** Holds, says it, lets go. */
  async say(samples: Int16Array): Promise<void> {
    await this.hold();
    await this.#microphone.say(samples);
    await this.letGo();
  }

  /** Sends a message and waits until its turn has begun: only then does `idle` mean that it is over. */
  async type(text: string): Promise<void> {
    await this.message.fill(text);
    await this.message.press('Enter');
    await this.message.blur();
    await expect(this.turns.last()).toContainText(text);
  }

  /** Waits until nothing is going on. */
  async idle(): Promise<void> {
    await expect(this.key).toHaveAttribute('data-mode', 'idle', { timeout: 20_000 });
  }

  async open(screen: 'Talk' | 'History' | 'Agents' | 'VAD Lab' | 'Settings'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click();
  }

  /** Every session with its turns, as the core knows them. */
  lastTurn(): Locator {
    return this.turns.last();
  }
}

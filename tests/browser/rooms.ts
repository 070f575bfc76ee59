/** What browser tests about rooms need besides: a LiveKit server, a host that knows it, and pages of guests. */
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import { serveGuestPage } from '../../src-main/hosts/serve-guest-page.ts';
import { LiveKitServer } from '../support/livekit-server.ts';
import { test as base, expect, serve } from './fixtures.ts';
import { Microphone } from './microphone.ts';

export { expect };

const WINDOW = fileURLToPath(new URL('../../out/renderer', import.meta.url));

interface Bearer {
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  /** Seconds. */
  readonly ttl?: number;
}

interface RoomFixtures {
  /** Opens a link in a browser of its own, and comes in. */
  openGuest: (link: string) => Promise<RoomPage>;
  livekit: LiveKitServer;
  /** Address of the guests' page. */
  guestPage: string;
  /** Opens the guests' page with a token, and comes in, or is kept outside. */
  enterAsGuest: (page: Page, bearer: Bearer, where?: 'inside' | 'outside') => Promise<RoomPage>;
}

export const test = base.extend<RoomFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  livekit: async ({}, use) => {
    const server = await LiveKitServer.launch();
    await use(server);
    await server.kill();
  },

  host: async ({ home, provider, providerOptions, livekit }, use) => {
    const environment = { OPENAI_BASE_URL: provider.baseUrl, OPENAI_API_KEY: 'sk-test-0123456789' };
    const host = await serve(home, { ...(providerOptions ? environment : {}), ...livekit.environment });
    await use(host);
    await host.stop();
  },

  openGuest: async ({ browser }, use) => {
    const context = await browser.newContext();
    await use(async (link) => {
      const page = await context.newPage();
      await new Microphone(page).plugIn();
      await page.goto(link);
      const guest = new RoomPage(page);
      await guest.comeIn();
      await expect(guest.members.getByText('you', { exact: true })).toBeVisible();
      return guest;
    });
    await context.close();
  },

  guestPage: async ({ livekit }, use) => {
    const served = await serveGuestPage(WINDOW, livekit.url);
    await use(served.url);
    await served.close();
  },

  enterAsGuest: async ({ livekit, guestPage }, use) => {
    await use(async (page, bearer, where = 'inside') => {
      const token = await livekit.token(bearer);
      await page.goto(`${guestPage}#${new URLSearchParams({ url: livekit.url, token })}`);
      await page.getByRole('button', { name: 'Come in' }).click();
      const guest = new RoomPage(page);
      if (where === 'inside') await expect(guest.member(bearer.name)).toBeVisible();
      return guest;
    });
  },
});

/** A room as somebody in it sees it: a guest's page, or the Talk screen of a window. */
export class RoomPage {
  readonly page: Page;
  readonly key: Locator;
  readonly script: Locator;
  readonly members: Locator;
  readonly message: Locator;

  constructor(page: Page) {
    this.page = page;
    this.key = page.locator('[data-talk-key]');
    this.script = page.getByRole('log', { name: 'Conversation' });
    this.members = page.getByRole('list', { name: 'In the room' });
    this.message = page.getByRole('textbox', { name: 'Message' });
  }

  /** By the button of the invitation. */
  async comeIn(): Promise<void> {
    await this.page.getByRole('button', { name: 'Come in' }).click();
    await expect(this.members.getByRole('listitem').first()).toBeVisible();
  }

  /** The last words of somebody. */
  line(name: string): Locator {
    const lines = this.script.getByRole('article').filter({ has: this.page.getByText(name, { exact: true }) });
    return lines.last().locator('.said').first();
  }

  /** Waits until nothing is going on. */
  async idle(): Promise<void> {
    await expect(this.key).toHaveAttribute('data-mode', 'idle', { timeout: 20_000 });
  }

  member(name: string): Locator {
    return this.members.getByRole('listitem').filter({ hasText: name });
  }

  /** Presses the talk key and waits until the microphone is live. */
  async hold(): Promise<void> {
    await this.page.keyboard.down('Space');
    await expect(this.key).toHaveAttribute('data-mode', 'recording');
  }

  async letGo(): Promise<void> {
    await this.page.keyboard.up('Space');
  }

  /** Into the microphone; the key must be down. */
  async speak(samples: Int16Array): Promise<void> {
    await new Microphone(this.page).say(samples);
  }

  /** Holds, says it, lets go. */
  async say(samples: Int16Array): Promise<void> {
    await this.hold();
    await this.speak(samples);
    await this.letGo();
  }
}

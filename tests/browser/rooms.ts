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
  livekit: LiveKitServer;
  /** Opens the guests' page with a token, and comes in. */
  enterAsGuest: (page: Page, bearer: Bearer) => Promise<RoomPage>;
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

  enterAsGuest: async ({ livekit }, use) => {
    const served = await serveGuestPage(WINDOW, livekit.url);
    await use(async (page, bearer) => {
      const token = await livekit.token(bearer);
      await page.goto(`${served.url}#${new URLSearchParams({ url: livekit.url, token })}`);
      const guest = new RoomPage(page);
      await guest.comeIn();
      return guest;
    });
    await served.close();
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

  /** Holds, says it, lets go. */
  async say(samples: Int16Array): Promise<void> {
    await this.hold();
    await new Microphone(this.page).say(samples);
    await this.letGo();
  }
}

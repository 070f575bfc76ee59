/** The browser host’s promises, as a browser sees them. */
import { expect, test } from './fixtures.ts';

test('a second browser is kept out', async ({ talk, host, browser }) => {
  await talk.idle();
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  const answer = await page.goto(`http://127.0.0.1:${host.port}/`);
  expect(answer?.status()).toBe(401);
  await expect(page.getByText('it does not know this browser')).toBeVisible();
  expect((await page.goto(host.link))?.status()).toBe(401);
  await stranger.close();
});

test('the page can reach nothing but its own host', async ({ page, host, microphone }) => {
  await microphone.plugIn();
  await page.goto(host.link);
  const attempts = await page.evaluate(async () => {
    const attempt = (work: () => Promise<unknown>) =>
      work().then(
        () => 'reached',
        () => 'refused',
      );
    return {
      elsewhere: await attempt(() => fetch('https://example.com/')),
      ownPort: await attempt(() => fetch('http://127.0.0.1:9/')),
      // In a task of its own: what the test itself evaluates is exempt.
      eval: await attempt(
        () =>
          new Promise((resolve, reject) => {
            setTimeout(() => {
              try {
                // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested
                resolve(globalThis.eval('1'));
              } catch (error) {
                reject(error);
              }
            });
          }),
      ),
      image: await attempt(
        () =>
          new Promise((resolve, reject) => {
            const image = new Image();
            image.onload = resolve;
            image.onerror = reject;
            image.src = 'https://example.com/x.png';
          }),
      ),
    };
  });
  expect(attempts).toEqual({ elsewhere: 'refused', ownPort: 'refused', eval: 'refused', image: 'refused' });
});

test('an injected script does not run', async ({ page, host, microphone }) => {
  await microphone.plugIn();
  await page.goto(host.link);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.injected = true">');
  });
  await page.waitForTimeout(200);
  expect(await page.evaluate(() => 'injected' in window)).toBe(false);
});

test('another site can not frame it, nor open its socket', async ({ talk, page, context, host }) => {
  await talk.idle();
  const evil = await context.newPage();
  await evil.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="http://127.0.0.1:${host.port}/"></iframe>` }),
  );
  await evil.goto('http://evil.example/');
  await expect(evil.frameLocator('iframe').locator('[data-talk-key]')).toHaveCount(0);
  const socket = await evil.evaluate(
    (port) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      }),
    host.port,
  );
  expect(socket).toBe('refused');
  await evil.close();
  await page.bringToFront();
});

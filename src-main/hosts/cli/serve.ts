/** `squelch serve`: the browser host, with one link on stdout. Enter gives a new link; Ctrl+C stops it. */
import { serveBrowser } from '../browser/serve.ts';
import { INSTALLATION } from '../installation.ts';
import { openApp } from './open-app.ts';
import { EXIT, mention, report } from './report.ts';
import { untilStopped } from './until-stopped.ts';

export interface ServeOptions {
  readonly port: number;
  readonly json?: boolean;
  readonly home?: string;
}

/** Runs until it is told to stop. @throws Fault */
export async function serve(options: ServeOptions): Promise<number> {
  const stopped = untilStopped();
  const app = await openApp(options.home, 'browser');
  try {
    const host = await serveBrowser({ app, windowFolder: INSTALLATION.window, port: options.port });
    const link = host.issueLink();
    report(options.json ?? false, { url: link, port: host.port }, link);
    if (process.stdin.isTTY) mention('It lets one browser in. Enter prints another link, Ctrl+C stops Squelch.');
    const forgetEnter = onEnter(() => process.stdout.write(`${host.issueLink()}\n`));
    await stopped;
    forgetEnter();
    await host.close();
  } finally {
    await app.close();
  }
  return EXIT.done;
}

/** Listens only where a person sits: a script's stdin is not ours to read. */
function onEnter(listener: () => void): () => void {
  if (!process.stdin.isTTY) return () => {};
  process.stdin.on('data', listener);
  return () => {
    process.stdin.off('data', listener);
    process.stdin.pause();
  };
}

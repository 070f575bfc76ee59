/** `squelch sessions retry`: sends a turn again from its saved recording or text. */
import { openApp } from './open-app.ts';
import { EXIT, report } from './report.ts';
import { talkDocument, talkText } from './talk.ts';
import { CommandLineWindow } from './window.ts';

/** @returns the exit status. @throws Fault `nothing-to-retry` and those of the core */
export async function retry(turnId: string, { json, home }: { json?: boolean; home?: string }): Promise<number> {
  const app = await openApp(home, 'cli');
  const window = new CommandLineWindow(app, false);
  const cancel = () => void window.invoke('talk.cancel', {}).catch(() => {});
  process.on('SIGINT', cancel);
  try {
    const turn = await window.retry(turnId);
    report(json ?? false, talkDocument(turn), talkText(turn));
    return turn.outcome === 'completed' || turn.outcome === 'no-speech' ? EXIT.done : EXIT.failed;
  } finally {
    process.off('SIGINT', cancel);
    window.close();
    await app.close();
  }
}

/** `squelch sessions retry`: sends a turn again from its saved recording or text: in its own conversation, or to other ears. */
import { openApp } from './open-app.ts';
import { EXIT, report } from './report.ts';
import { talkDocument, talkText } from './talk.ts';
import { CommandLineWindow } from './window.ts';

export interface RetryOptions {
  readonly agent?: string;
  readonly stt?: string;
  readonly llm?: string;
  readonly tts?: string;
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. @throws Fault `nothing-to-retry` and those of the core */
export async function retry(turnId: string, { json, home, agent: agentId, ...models }: RetryOptions): Promise<number> {
  const app = await openApp(home, 'cli');
  const window = new CommandLineWindow(app, false);
  const cancel = () => void window.invoke('talk.cancel', {}).catch(() => {});
  process.on('SIGINT', cancel);
  try {
    const { stt, llm, tts } = models;
    const elsewhere = [agentId, stt, llm, tts].some((given) => given !== undefined);
    const turn = await (elsewhere
      ? window.askAgain({ turnId, agentId, models: { stt, llm, tts } })
      : window.retry(turnId));
    report(json ?? false, talkDocument(turn), talkText(turn));
    return turn.outcome === 'completed' || turn.outcome === 'no-speech' ? EXIT.done : EXIT.failed;
  } finally {
    process.off('SIGINT', cancel);
    window.close();
    await app.close();
  }
}

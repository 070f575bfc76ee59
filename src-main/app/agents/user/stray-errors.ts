/**
 * What an agent file throws when nobody who called it is there any more, from a timer or a promise it forgot: told to
 * the user, where it would have ended the app. Any other error that nobody caught still does.
 */
import { pathToFileURL } from 'node:url';

/** @param tell is given the error's message. @returns stops */
export function catchStrayErrors(folder: string, tell: (message: string) => void): () => void {
  const origin = `${pathToFileURL(folder).href}/`;
  const listener = (thrown: unknown): void => {
    if (!(thrown instanceof Error) || !thrown.stack?.includes(origin)) throw thrown;
    tell(thrown.message);
  };
  process.on('uncaughtException', listener);
  return () => process.off('uncaughtException', listener);
}

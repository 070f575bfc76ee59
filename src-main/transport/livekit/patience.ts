/** The SDK's calls may never answer when the connection goes away under them: whoever waits for one waits so long. */
const PATIENCE_MS = 10_000;

/** @throws what `work` throws, or an error when it takes too long */
export async function patiently<T>(work: Promise<T>): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the server did not answer')), PATIENCE_MS);
  try {
    return await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
  }
}

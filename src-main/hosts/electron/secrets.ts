/**
 * Provider keys, encrypted by the system's keychain through safeStorage and kept in the home folder. Where the
 * system has none (or only a password that everybody knows) keys are not written to disk at all. Keys of other names, which
 * a newer Squelch may have kept, stay; a file of a newer form is read if it can be, and never written.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import { Fault } from '../../fault.ts';
import { isOfNewer, ofNewerFault, setAside } from '../../settings/kept-file.ts';
import { createMemorySecretStore, type SecretName, type SecretStore } from '../../settings/secrets.ts';

/** By what it is for, the encrypted key in base64. */
const keysSchema = z.record(z.string(), z.base64());
const fileSchema = z.strictObject({ version: z.literal(1), keys: keysSchema });
const newerSchema = z.looseObject({ keys: keysSchema.catch({}) });

interface KeyFile {
  readonly keys: Readonly<Record<string, string>>;
  readonly state: 'usable' | 'newer' | 'broken';
}

const NO_KEYRING =
  'This desktop has no keyring that Squelch can use, so keys are kept only until it stops. Set OPENAI_API_KEY to have one at every start.';
const UNREACHABLE = 'The system’s keychain can’t be reached, so keys are kept only until Squelch stops.';
const LOCKED =
  'The system’s keychain does not give the keys that are kept. Unlock it, then begin a new conversation or enter them again.';
const EVERYBODYS = Buffer.from('v10');

/** Call when the app is ready. */
export async function openSecretStore(home: string): Promise<SecretStore> {
  const reason = await whyNotKept();
  return reason ? { ...createMemorySecretStore(), note: reason } : new KeychainStore(join(home, 'keys.json'));
}

async function whyNotKept(): Promise<string | null> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return UNREACHABLE;
  return process.platform === 'linux' && (await hasEverybodysPassword()) ? NO_KEYRING : null;
}

/**
 * Whether encryption is by the password that is written in Chromium's source. The name of the desktop, which is all that
 * `getSelectedStorageBackend` goes by, does not tell: its keyring may not run. What was encrypted begins with a tag of
 * where its password came from (Chromium, components/os_crypt/async/browser/posix_key_provider.cc).
 */
async function hasEverybodysPassword(): Promise<boolean> {
  // A keyring that is locked just now is one all the same.
  const encrypted = await safeStorage.encryptStringAsync('Squelch').catch(() => null);
  return encrypted?.subarray(0, EVERYBODYS.length).equals(EVERYBODYS) ?? false;
}

class KeychainStore implements SecretStore {
  readonly persistent = true;
  readonly #path: string;
  /** Kept, but not given by the keychain when they were last asked for. */
  readonly #unread = new Set<SecretName>();
  /** One write after the other. */
  #writes: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  get note(): string {
    return this.unread ? LOCKED : 'Keys are encrypted by this system’s keychain.';
  }

  get unread(): boolean {
    return this.#unread.size > 0;
  }

  async get(name: SecretName): Promise<string | null> {
    this.#unread.delete(name);
    let encrypted: string | undefined;
    try {
      encrypted = (await this.#read()).keys[name];
      if (!encrypted) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'));
      // It can be read all the same, and is encrypted again the next time.
      if (shouldReEncrypt) await this.set(name, result).catch(() => {});
      return result;
    } catch {
      // Locked just now; or encrypted by another user or a keychain that is gone, as good as no key: the next replaces it.
      if (encrypted) this.#unread.add(name);
      return null;
    }
  }

  async set(name: SecretName, key: string | null): Promise<void> {
    const write = this.#writes.then(async () => {
      const { keys, state } = await this.#read();
      if (state === 'newer') throw ofNewerFault('key-not-kept', this.#path);
      const { [name]: _, ...others } = keys;
      const next =
        key === null ? others : { ...others, [name]: (await safeStorage.encryptStringAsync(key)).toString('base64') };
      const temporary = `${this.#path}.new`;
      await writeFile(temporary, JSON.stringify({ version: 1, keys: next }), { mode: 0o600, flush: true });
      if (state === 'broken') setAside(this.#path);
      await rename(temporary, this.#path);
    });
    this.#writes = write.catch(() => {});
    await write.catch((cause: unknown) => {
      if (cause instanceof Fault) throw cause;
      throw new Fault('key-not-kept', 'The key could not be saved.', {
        hint: 'Check that the data folder can be written and the keychain is unlocked.',
        cause,
      });
    });
  }

  /** What is no file of keys holds none. @throws when it can't be read just now: then it is not written over */
  async #read(): Promise<KeyFile> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return { keys: {}, state: 'usable' };
    try {
      const json: unknown = JSON.parse(text);
      if (isOfNewer(json)) return { keys: newerSchema.parse(json).keys, state: 'newer' };
      return { keys: fileSchema.parse(json).keys, state: 'usable' };
    } catch {
      return { keys: {}, state: 'broken' };
    }
  }
}

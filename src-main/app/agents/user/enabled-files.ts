/**
 * Which agent files of the user's may run, with the digest that each had when it last did. A list that can't be read is
 * set aside, and then none may; one that a newer Squelch wrote is read if it can be, and never written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../../fault.ts';
import { isOfNewer, ofNewerFault, parseKept, setAside, writeKept } from '../../../settings/kept-file.ts';

/** Digests by the file's name. */
const filesSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));
const schema = z.strictObject({ version: z.literal(1), files: filesSchema });
const newerSchema = z.looseObject({ files: filesSchema.catch({}) });

export class EnabledFiles {
  readonly #path: string;
  #files: Readonly<Record<string, string>> = {};
  #ofNewer = false;

  /** @param folder of the agent files */
  constructor(folder: string) {
    this.#path = join(folder, 'enabled.json');
  }

  /** Takes over what the list says now: another Squelch may have written it. @returns where a broken one is kept */
  read(): string | null {
    this.#files = {};
    this.#ofNewer = false;
    if (!existsSync(this.#path)) return null;
    try {
      const json = parseKept(readFileSync(this.#path, 'utf8'));
      this.#ofNewer = isOfNewer(json);
      this.#files = (this.#ofNewer ? newerSchema : schema).parse(json).files;
      return null;
    } catch {
      return setAside(this.#path);
    }
  }

  /** @returns the file's digest when it last ran; null when it may not */
  digestOf(file: string): string | null {
    return Object.hasOwn(this.#files, file) ? (this.#files[file] ?? null) : null;
  }

  /** @param sha256 null: it may not run any more. @throws Fault when that can't be written */
  set(file: string, sha256: string | null): void {
    if (this.#ofNewer) throw ofNewerFault('agent-not-saved', this.#path);
    const { [file]: _, ...others } = this.#files;
    const files = sha256 === null ? others : { ...others, [file]: sha256 };
    try {
      writeKept(this.#path, { version: 1, files });
    } catch (cause) {
      throw new Fault('agent-not-saved', `${this.#path} could not be written`, {
        hint: 'Check that the disk is not full and that the folder can be written.',
        cause,
      });
    }
    this.#files = files;
  }
}

/** Files that the window brings piece by piece: a browser knows no paths. */
import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CommandInput } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import type { WorkFolder } from './work-folder.ts';

export class Uploads {
  readonly #work: WorkFolder;

  constructor(work: WorkFolder) {
    this.#work = work;
  }

  /** @throws Fault `upload-broken`, `upload-not-written` */
  add({ sourceId, name, offset, data }: CommandInput<'vadLab.upload'>): void {
    if (basename(name) !== name || name.startsWith('.') || /[\\/:\0]/.test(name)) {
      throw new Fault('upload-broken', `${JSON.stringify(name)} is no name of a file`, { hint: 'Rename the file.' });
    }
    const path = join(this.folder(sourceId), name);
    const size = existsSync(path) ? statSync(path).size : 0;
    if (offset !== 0 && offset !== size) {
      throw new Fault('upload-broken', `A piece of ${name} is missing`, { hint: 'Drop the file again.' });
    }
    try {
      const file = openSync(path, offset === 0 ? 'w' : 'a', 0o600);
      try {
        writeSync(file, Buffer.from(data, 'base64'));
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw new Fault('upload-not-written', `${name} can't be kept: ${(cause as Error).message}`, {
        hint: 'Check that the disk of the data folder is not full.',
        cause,
      });
    }
  }

  folder(sourceId: string): string {
    return this.#work.folder('uploads', sourceId);
  }

  /** Whether anything was uploaded for it. */
  has(sourceId: string): boolean {
    return readdirSync(this.folder(sourceId)).length > 0;
  }

  remove(sourceId: string): void {
    this.#work.remove('uploads', sourceId);
  }
}

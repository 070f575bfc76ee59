/**
 * Which agent file is being read, kept on disk. One that never ends stops the whole process: only the next can tell that
 * it did, and must not read it again.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ file: z.string(), pid: z.int().positive() });

export class ReadingMark {
  readonly #path: string;

  constructor(home: string) {
    this.#path = join(home, 'agent-being-read.json');
  }

  /** @returns the file that a process never finished reading, once */
  takeLeft(): string | null {
    try {
      const { file, pid } = schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
      if (isRunning(pid)) return null;
      this.clear();
      return file;
    } catch {
      // There is none, or nothing can be learnt from it.
      return null;
    }
  }

  set(file: string): void {
    try {
      writeFileSync(this.#path, JSON.stringify({ file, pid: process.pid }));
    } catch {
      // On a full disk agents are read all the same.
    }
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What the Lab writes while recordings are open: uploads, sound for the window, what the microphone brought. Each
 * running Squelch has a folder of its own in the data folder; those of ones that no longer run are swept away.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export class WorkFolder {
  readonly #all: string;
  readonly #own: string;

  /** @param home the data folder */
  constructor(home: string) {
    this.#all = join(home, 'vad-lab');
    this.#own = join(this.#all, String(process.pid));
  }

  /** A folder in it, made if missing. */
  folder(...names: readonly string[]): string {
    if (!existsSync(this.#own)) this.#sweep();
    const path = join(this.#own, ...names);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  remove(...names: readonly string[]): void {
    rmSync(join(this.#own, ...names), { recursive: true, force: true });
  }

  #sweep(): void {
    if (!existsSync(this.#all)) return;
    for (const name of readdirSync(this.#all)) {
      if (!isRunning(Number(name))) rmSync(join(this.#all, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

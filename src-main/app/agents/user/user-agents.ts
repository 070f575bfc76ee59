/**
 * The user's own agents: files of code in a folder of theirs. None runs before the user has allowed it by name; one that
 * is allowed is run again whenever it is saved.
 */
import { createHash } from 'node:crypto';
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join, parse } from 'node:path';
import { Fault, toFault } from '../../../fault.ts';
import { EnabledFiles } from './enabled-files.ts';
import { type LoadedAgent, loadAgent } from './load-agent.ts';
import { ReadingMark } from './reading-mark.ts';
import { catchStrayErrors } from './stray-errors.ts';

/** A file of the folder. */
export interface UserAgent {
  /** The file's name without its ending. */
  readonly id: string;
  readonly path: string;
  /** Of the file as it was read, hex. */
  readonly sha256: string;
  readonly enabled: boolean;
  /** null while it is off or broken. */
  readonly loaded: LoadedAgent | null;
  readonly fault: Fault | null;
}

export interface UserAgentsOptions {
  readonly home: string;
  /** Ids of other agents, which a file must not take. */
  readonly isTaken: (id: string) => boolean;
  readonly onChange: () => void;
  /** Something the user should know. */
  readonly onNotice: (message: string, hint: string) => void;
}

interface FoundFile {
  readonly file: string;
  readonly id: string;
  readonly sha256: string;
}

const ENDINGS: ReadonlySet<string> = new Set(['.ts', '.js', '.mjs']);
/** Editors write a file in several steps. */
const SETTLE_MS = 100;

export class UserAgents {
  readonly folder: string;
  readonly #options: UserAgentsOptions;
  readonly #enabled: EnabledFiles;
  readonly #mark: ReadingMark;
  /** Files that stopped an earlier process: not read before they are allowed anew. */
  readonly #stuck = new Set<string>();
  /** By file. */
  #agents: ReadonlyMap<string, UserAgent> = new Map();
  #watcher: FSWatcher | null = null;
  #settling: NodeJS.Timeout | null = null;
  #reading: Promise<void> = Promise.resolve();
  #stopCatching: (() => void) | null = null;

  constructor(options: UserAgentsOptions) {
    this.#options = options;
    this.folder = join(options.home, 'agents');
    this.#enabled = new EnabledFiles(this.folder);
    this.#mark = new ReadingMark(options.home);
  }

  /** Runs what may run, now and whenever the folder changes. Never fails: what is wrong is told of each agent. */
  async watch(): Promise<void> {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.#watcher = watch(this.folder, () => this.#changed());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (thrown) {
      this.#options.onNotice(
        `The folder of your agents can't be watched: ${toFault(thrown).message}`,
        'Restart Squelch after you have changed one.',
      );
    }
    await this.load();
  }

  /** Runs what may run, once. Never fails. */
  load(): Promise<void> {
    return this.#read((file, sha256) => {
      const known = this.#enabled.digestOf(file);
      if (known === null || known === sha256) return;
      this.#options.onNotice(
        `${file} was changed while Squelch was closed.`,
        'It still runs: look at it if it was not you.',
      );
    });
  }

  get all(): readonly UserAgent[] {
    return [...this.#agents.values()];
  }

  /** @throws Fault when there is no such file, or the list can't be written */
  async setEnabled(id: string, enabled: boolean): Promise<void> {
    await this.#reading;
    const agent = this.all.find((one) => one.id === id);
    if (!agent)
      throw new Fault('agent-unknown', `There is no agent file ${id}`, { hint: `Put it into ${this.folder}.` });
    const { base } = parse(agent.path);
    this.#enabled.set(base, enabled ? digest(agent.path) : null);
    this.#stuck.delete(base);
    await this.#read();
  }

  close(): void {
    this.#watcher?.close();
    if (this.#settling) clearTimeout(this.#settling);
    this.#mark.clear();
    this.#stopCatching?.();
  }

  #changed(): void {
    if (this.#settling) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#read(), SETTLE_MS);
  }

  /** Reads the folder anew, one reading after the other. */
  #read(look?: (file: string, sha256: string) => void): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      const keptAs = this.#enabled.read();
      if (keptAs !== null) this.#options.onNotice(...listNotice(keptAs));
      this.#setStuckAside();
      const found = this.#find();
      for (const { file, sha256 } of found) look?.(file, sha256);
      const before = this.#agents;
      const entries: [string, UserAgent][] = [];
      // One after the other: of two that are being read nobody could tell which it is that never ends.
      for (const one of found) entries.push([one.file, await this.#agentOf(one, found)]);
      this.#agents = new Map(entries);
      const changed = [...this.#agents].some(([file, agent]) => before.get(file) !== agent);
      if (changed || before.size !== this.#agents.size) this.#options.onChange();
    });
    return this.#reading;
  }

  /** What kept an earlier process from going on may not run any more. */
  #setStuckAside(): void {
    const file = this.#mark.takeLeft();
    if (file === null) return;
    this.#stuck.add(file);
    const { message, hint } = stuckFault(file);
    this.#options.onNotice(`${message}.`, hint);
    try {
      this.#enabled.set(file, null);
    } catch {
      // It is left alone at least until Squelch is started again.
    }
  }

  #find(): FoundFile[] {
    try {
      return readdirSync(this.folder, { withFileTypes: true })
        .filter(({ name }) => ENDINGS.has(parse(name).ext) && !name.endsWith('.d.ts'))
        .filter((entry) => !entry.isDirectory())
        .flatMap(({ name }) => this.#foundFile(name))
        .sort((a, b) => a.file.localeCompare(b.file));
    } catch {
      // The folder is gone, or not to be read.
      return [];
    }
  }

  #foundFile(file: string): FoundFile[] {
    try {
      return [{ file, id: parse(file).name, sha256: digest(join(this.folder, file)) }];
    } catch {
      // Gone meanwhile, or not to be read: the next change tells.
      return [];
    }
  }

  /** @returns the one that is known already if nothing about it has changed */
  async #agentOf({ file, id, sha256 }: FoundFile, all: readonly FoundFile[]): Promise<UserAgent> {
    const path = join(this.folder, file);
    const known = this.#agents.get(file);
    const isStuck = this.#stuck.has(file);
    const enabled = this.#enabled.digestOf(file) !== null && !isStuck;
    const taken = this.#takenFault(file, id, all);
    if (known?.sha256 === sha256 && known.enabled === enabled && known.fault?.code !== 'agent-id-taken' && !taken) {
      return known;
    }
    const fault = taken ?? (isStuck ? stuckFault(file) : null);
    const agent = { id, path, enabled, sha256, loaded: null, fault };
    if (!enabled || taken) return agent;
    this.#stopCatching ??= catchStrayErrors(this.folder, (message) =>
      this.#options.onNotice(`An agent file of yours failed: ${message}`, 'Mend it: it works outside of any turn.'),
    );
    this.#mark.set(file);
    try {
      const loaded = await loadAgent(path, id, sha256);
      this.#remember(file, sha256);
      return { ...agent, loaded };
    } catch (thrown) {
      return { ...agent, fault: toFault(thrown, 'hook') };
    } finally {
      this.#mark.clear();
    }
  }

  /** That it ran so. Where that can't be written, it runs all the same. */
  #remember(file: string, sha256: string): void {
    if (this.#enabled.digestOf(file) === sha256) return;
    try {
      this.#enabled.set(file, sha256);
    } catch (thrown) {
      const { message, hint } = toFault(thrown);
      this.#options.onNotice(message, hint);
    }
  }

  #takenFault(file: string, id: string, all: readonly FoundFile[]): Fault | null {
    const twin = all.find((other) => other.id === id && other.file !== file);
    if (!twin && !this.#options.isTaken(id)) return null;
    return new Fault('agent-id-taken', twin ? `${file} and ${twin.file} have one id` : `There is another agent ${id}`, {
      hint: 'Give the file another name.',
      stage: 'hook',
    });
  }
}

function stuckFault(file: string): Fault {
  return new Fault('agent-stuck', `${file} kept Squelch from going on when it was last read, so it is off`, {
    hint: 'Look for a loop that never ends; then allow it again.',
    stage: 'hook',
  });
}

function listNotice(keptAs: string): [message: string, hint: string] {
  return [
    'The list of agent files that may run could not be read, so none of them runs.',
    `Switch them on again; the old list is kept as ${keptAs}.`,
  ];
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

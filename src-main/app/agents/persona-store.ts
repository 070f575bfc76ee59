/**
 * Personas: agents of the user's that need no code, kept in one file of the home folder. People edit it by hand, also while
 * Squelch runs: a change begins with what is in the file by then. One that can't be used is set aside under another name, as
 * the settings are; of one that a newer Squelch wrote, those are used that fit. What this one does not know stays in it.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Persona, personasFileSchema, storedPersonaSchema } from '../../../src-preload/agents-contract.ts';
import { SHIPPED_AGENTS } from '../../agents/shipped.ts';
import { Fault } from '../../fault.ts';
import { isOfNewer, ofNewerFault, parseKept, setAside, writeKept } from '../../settings/kept-file.ts';

export interface StoredPersona extends Persona {
  readonly id: string;
}

/** What the user should know of the file. */
interface Notice {
  readonly message: string;
  readonly hint: string;
}

export class PersonaStore {
  readonly #path: string;
  readonly #tell: (notice: Notice) => void;
  /** As it was read, or written; null when there was none, or it could not be used. */
  #text: string | null = null;
  #personas: readonly StoredPersona[] = [];
  #ofNewer = false;
  /** The file, with whatever is in it besides. */
  #document: object = {};

  /** @param home the data folder, which exists. @param tell hears what the user should know of the file */
  constructor(home: string, tell: (notice: Notice) => void) {
    this.#path = join(home, 'personas.json');
    this.#tell = tell;
    this.#read();
  }

  get all(): readonly StoredPersona[] {
    return this.#personas;
  }

  /** @param id null makes a new one. @throws Fault when there is no such persona, or the file can't be written */
  save(id: string | null, persona: Persona): StoredPersona {
    const known = this.#personas.find((one) => one.id === id);
    this.#read();
    const before = id === null ? null : this.#find(id);
    // Whoever saves it has not seen what was edited by hand since.
    const models = { ...before?.models, ...changed(persona.models, known?.models) } as Persona['models'];
    const saved = {
      ...before,
      ...changed(persona, known),
      models,
      id: id ?? `persona-${randomUUID()}`,
    } as StoredPersona;
    const others = this.#personas.map((one) => (one.id === id ? saved : one));
    this.#write(id === null ? [...others, saved] : others);
    return saved;
  }

  /** @throws Fault when there is no such persona, or the file can't be written */
  delete(id: string): void {
    this.#read();
    this.#find(id);
    this.#write(this.#personas.filter((persona) => persona.id !== id));
  }

  /** Takes over what is in the file, if it is another than before. Where that is nothing of use, what was known stays. */
  #read(): void {
    try {
      const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : null;
      if (text === this.#text) return;
      this.#document = {};
      this.#ofNewer = false;
      if (text !== null) this.#understand(parseKept(text));
      this.#text = text;
    } catch (thrown) {
      this.#text = null;
      this.#tell(setAsideNotice(reasonOf(thrown), setAside(this.#path)));
    }
  }

  #understand(json: unknown): void {
    if (isOfNewer(json)) {
      this.#ofNewer = true;
      this.#personas = fitting(json);
      this.#tell(newerNotice(this.#path));
      return;
    }
    const document = personasFileSchema.parse(json);
    const twin = document.personas.find(({ id }, index, all) => isTaken(id, all.slice(0, index)));
    if (twin) throw new Error(`two agents have the id ${twin.id}`);
    this.#personas = document.personas;
    this.#document = document;
  }

  #find(id: string): StoredPersona {
    const found = this.#personas.find((persona) => persona.id === id);
    if (found) return found;
    throw new Fault('persona-unknown', `There is no persona ${id}`, { hint: 'It may have been deleted meanwhile.' });
  }

  #write(personas: readonly StoredPersona[]): void {
    if (this.#ofNewer) throw ofNewerFault('persona-not-saved', this.#path);
    try {
      this.#text = writeKept(this.#path, { ...this.#document, version: 1, personas });
    } catch (cause) {
      throw new Fault('persona-not-saved', `The personas could not be written to ${this.#path}`, {
        hint: 'Check that the disk is not full and that the folder can be written.',
        cause,
      });
    }
    this.#personas = personas;
  }
}

/** What is other than `before`. */
function changed<T extends object>(now: T, before: T | undefined): Partial<T> {
  const entries = Object.entries(now).filter(([name, value]) => !isDeepStrictEqual(value, before?.[name as keyof T]));
  return Object.fromEntries(entries) as Partial<T>;
}

/** Those of a newer Squelch's file that are as this one knows them. */
function fitting(json: unknown): StoredPersona[] {
  const { personas } = z.looseObject({ personas: z.array(z.unknown()).catch([]) }).parse(json);
  const known = personas.flatMap((one) => storedPersonaSchema.safeParse(one).data ?? []);
  return known.filter(({ id }, index) => !isTaken(id, known.slice(0, index)));
}

function isTaken(id: string, others: readonly StoredPersona[]): boolean {
  return [...SHIPPED_AGENTS, ...others].some((other) => other.id === id);
}

function newerNotice(path: string): Notice {
  return {
    message: 'Your personas were written by a newer Squelch: those that this one understands are there.',
    hint: `To change them, use the newer one, or move ${path} away.`,
  };
}

function setAsideNotice(reason: string, keptAs: string): Notice {
  return { message: `The file of your personas could not be used (${reason}).`, hint: `It is kept as ${keptAs}.` };
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof SyntaxError) return 'it is not JSON';
  if (!(thrown instanceof z.ZodError)) return (thrown as Error).message;
  return thrown.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ');
}

/**
 * Personas: agents of the user's that need no code, kept in one file of the home folder. A file that can't be used is
 * set aside under another name, as the settings are; of one that a newer Squelch wrote, those are used that fit. What this
 * one does not know stays in the file.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Persona, personasFileSchema, storedPersonaSchema } from '../../../src-preload/agents-contract.ts';
import { Fault } from '../../fault.ts';
import { isOfNewer, ofNewerFault, setAside } from '../../settings/kept-file.ts';

export interface StoredPersona extends Persona {
  readonly id: string;
}

export class PersonaStore {
  readonly #path: string;
  #personas: readonly StoredPersona[] = [];
  #ofNewer = false;
  /** The file, with whatever is in it besides. */
  #document: object = {};
  /** What the user should know of the file; null when it is in use. */
  readonly notice: { readonly message: string; readonly hint: string } | null = null;

  /** @param home the data folder, which exists */
  constructor(home: string) {
    this.#path = join(home, 'personas.json');
    if (!existsSync(this.#path)) return;
    try {
      const json: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      this.#ofNewer = isOfNewer(json);
      if (this.#ofNewer) this.#personas = fitting(json);
      else {
        const document = personasFileSchema.parse(json);
        this.#document = document;
        this.#personas = document.personas;
      }
      const ids = new Set(this.#personas.map(({ id }) => id));
      if (ids.size !== this.#personas.length) throw new Error('two personas have one id');
      if (this.#ofNewer) this.notice = newerNotice(this.#path);
    } catch (thrown) {
      this.#personas = [];
      this.#document = {};
      this.notice = setAsideNotice(reasonOf(thrown), setAside(this.#path));
    }
  }

  get all(): readonly StoredPersona[] {
    return this.#personas;
  }

  /** @param id null makes a new one. @throws Fault when there is no such persona, or the file can't be written */
  save(id: string | null, persona: Persona): StoredPersona {
    const before = id === null ? null : this.#find(id);
    const models = { ...before?.models, ...persona.models };
    const saved = { ...before, ...persona, models, id: id ?? `persona-${randomUUID()}` };
    const others = this.#personas.map((one) => (one.id === id ? saved : one));
    this.#write(id === null ? [...others, saved] : others);
    return saved;
  }

  /** @throws Fault when there is no such persona, or the file can't be written */
  delete(id: string): void {
    this.#find(id);
    this.#write(this.#personas.filter((persona) => persona.id !== id));
  }

  #find(id: string): StoredPersona {
    const found = this.#personas.find((persona) => persona.id === id);
    if (found) return found;
    throw new Fault('persona-unknown', `There is no persona ${id}`, { hint: 'It may have been deleted meanwhile.' });
  }

  #write(personas: readonly StoredPersona[]): void {
    if (this.#ofNewer) throw ofNewerFault('persona-not-saved', this.#path);
    try {
      const document = { ...this.#document, version: 1, personas };
      writeFileSync(`${this.#path}.new`, `${JSON.stringify(document, null, 2)}\n`, { flush: true });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (cause) {
      throw new Fault('persona-not-saved', `The personas could not be written to ${this.#path}`, {
        hint: 'Check that the disk is not full and that the folder can be written.',
        cause,
      });
    }
    this.#personas = personas;
  }
}

/** Those of a newer Squelch's file that are as this one knows them. */
function fitting(json: unknown): StoredPersona[] {
  const { personas } = z.looseObject({ personas: z.array(z.unknown()).catch([]) }).parse(json);
  return personas.flatMap((one) => storedPersonaSchema.safeParse(one).data ?? []);
}

function newerNotice(path: string) {
  return {
    message: 'Your personas were written by a newer Squelch: those that this one understands are there.',
    hint: `To change them, use the newer one, or move ${path} away.`,
  };
}

function setAsideNotice(reason: string, keptAs: string) {
  return { message: `The file of your personas could not be used (${reason}).`, hint: `It is kept as ${keptAs}.` };
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof SyntaxError) return 'it is not JSON';
  if (!(thrown instanceof z.ZodError)) return (thrown as Error).message;
  return thrown.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ');
}

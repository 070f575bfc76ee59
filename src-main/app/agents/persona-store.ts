/**
 * Personas: agents of the user's that need no code, kept in one file of the home folder. A file that can't be used is
 * set aside under another name, as the settings are.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Persona, personasFileSchema } from '../../../src-preload/agents-contract.ts';
import { Fault } from '../../fault.ts';

export interface StoredPersona extends Persona {
  readonly id: string;
}

export class PersonaStore {
  readonly #path: string;
  #personas: readonly StoredPersona[] = [];
  /** Why the file was not used and where it is now; null when it was. */
  readonly setAside: { readonly reason: string; readonly keptAs: string } | null = null;

  /** @param home the data folder, which exists */
  constructor(home: string) {
    this.#path = join(home, 'personas.json');
    if (!existsSync(this.#path)) return;
    try {
      this.#personas = personasFileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).personas;
      const ids = new Set(this.#personas.map(({ id }) => id));
      if (ids.size !== this.#personas.length) throw new Error('two personas have one id');
    } catch (thrown) {
      const keptAs = `${this.#path}.${new Date().toISOString().replaceAll(':', '-')}.bad`;
      renameSync(this.#path, keptAs);
      this.#personas = [];
      this.setAside = { reason: reasonOf(thrown), keptAs };
    }
  }

  get all(): readonly StoredPersona[] {
    return this.#personas;
  }

  /** @param id null makes a new one. @throws Fault when there is no such persona, or the file can't be written */
  save(id: string | null, persona: Persona): StoredPersona {
    if (id !== null) this.#find(id);
    const saved = { ...persona, id: id ?? `persona-${randomUUID()}` };
    const others = this.#personas.map((one) => (one.id === id ? saved : one));
    this.#write(id === null ? [...others, saved] : others);
    return saved;
  }

  /** @throws Fault when there is no such persona, or the file can't be written */
  delete(id: string): void {
    this.#find(id);
    this.#write(this.#personas.filter((persona) => persona.id !== id));
  }

  #find(id: string): void {
    if (this.#personas.some((persona) => persona.id === id)) return;
    throw new Fault('persona-unknown', `There is no persona ${id}`, { hint: 'It may have been deleted meanwhile.' });
  }

  #write(personas: readonly StoredPersona[]): void {
    try {
      const document = { version: 1, personas };
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

function reasonOf(thrown: unknown): string {
  if (thrown instanceof SyntaxError) return 'it is not JSON';
  if (!(thrown instanceof z.ZodError)) return (thrown as Error).message;
  return thrown.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`).join('; ');
}

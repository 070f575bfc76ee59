/**
 * Retrieval: before each answer the user's own documents are searched for what they said, and what is found is shown
 * to the model for that answer alone. The files that an answer rests on are cited below it.
 */
import { Agent } from '../../conversation/agent.ts';
import type { ChatContext } from '../../conversation/chat-context.ts';
import type { NodeSettings } from '../../conversation/node.ts';
import { Fault } from '../../fault.ts';
import { type ChatMessage, textOf } from '../../speech/llm/chat.ts';
import { DocumentIndex, type Passage } from './document-index.ts';

const INSTRUCTIONS = [
  'You answer questions from the documents of the person who speaks to you, in a few short spoken sentences.',
  'Passages that may help are shown to you with each question. Rest on them alone,',
  'and say so when they do not hold the answer. Never read out file names.',
].join(' ');

const PASSAGES = 4;

export interface RagOptions {
  /** Searched with its subfolders; asked before each answer. null while the user has chosen none. */
  readonly folder: () => string | null;
}

export class Rag extends Agent {
  readonly #folder: () => string | null;
  #index: DocumentIndex | null = null;
  /** Of the answer in progress. */
  #found: readonly Passage[] = [];

  constructor({ folder }: RagOptions) {
    super({ id: 'rag', instructions: INSTRUCTIONS });
    this.#folder = folder;
  }

  /** The documents are read while the user still speaks; what is wrong with them the first question tells. */
  override async onEnter(): Promise<void> {
    if (this.#folder() !== null)
      this.#opened()
        .refresh()
        .catch(() => {});
  }

  override async onExit(): Promise<void> {
    this.#index?.close();
    this.#index = null;
  }

  override async onUserTurnCompleted(turnCtx: ChatContext, newMessage: ChatMessage): Promise<void> {
    const index = this.#opened();
    await index.refresh();
    this.#found = index.search(textOf(newMessage), PASSAGES);
    const passages = this.#found.map(({ file, text }) => `From ${file}:\n${text}`);
    turnCtx.addMessage({
      role: 'system',
      content: ['Passages of the documents:', ...(passages.length > 0 ? passages : ['(none fits)'])].join('\n\n'),
    });
  }

  override async *transcriptionNode(text: AsyncIterable<string>, _settings: NodeSettings): AsyncGenerator<string> {
    yield* text;
    const files = [...new Set(this.#found.map(({ file }) => file))];
    this.#found = [];
    if (files.length > 0) yield `\n\nSources: ${files.join(', ')}`;
  }

  #opened(): DocumentIndex {
    const folder = this.#folder();
    if (folder === null) {
      throw new Fault('documents-not-chosen', 'No folder of documents was chosen', {
        hint: 'Choose one in Settings, under Documents.',
        stage: 'hook',
      });
    }
    if (this.#index?.folder !== folder) {
      this.#index?.close();
      this.#index = new DocumentIndex(folder);
    }
    return this.#index;
  }
}

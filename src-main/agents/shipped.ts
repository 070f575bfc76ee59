/** The agents that ship, as data: what a person chooses among, and how each is made. */
import type { Agent } from '../conversation/agent.ts';
import { assistant } from './assistant.ts';
import { ChainOfThought } from './chain-of-thought.ts';
import { ContentFilter } from './content-filter.ts';
import { Dictation } from './dictation.ts';
import { Keyword } from './keyword.ts';
import { Rag } from './rag/rag.ts';
import { Greeter, newVisit } from './restaurant.ts';
import { Speedup } from './speedup.ts';
import { StructuredOutput } from './structured-output.ts';

/** What an app lets its agents have of the user's. */
export interface Surroundings {
  /** What the user wants the assistant to be told instead of its own instructions; null is its own. */
  readonly instructions: string | null;
  /** The folder of documents that `rag` answers from, as the settings have it now; null while none was chosen. */
  readonly documentsFolder: () => string | null;
  /** Puts words on the clipboard of whoever is looking. @returns whether anybody is */
  readonly copy: (text: string) => boolean;
}

export interface ShippedAgent {
  readonly id: string;
  readonly name: string;
  /** One line: what it does for the user. */
  readonly description: string;
  /** A new one for each conversation. */
  make(surroundings: Surroundings): Agent;
  /** What the agents of one conversation share; null if left out. */
  makeUserData?(): unknown;
}

export const SHIPPED_AGENTS: readonly ShippedAgent[] = [
  {
    id: 'assistant',
    name: 'Assistant',
    description: 'Answers whatever you ask, briefly.',
    make: ({ instructions }) => assistant(instructions),
  },
  {
    id: 'restaurant',
    name: 'Restaurant',
    description: 'Reserve a table or order takeaway: four colleagues with voices of their own hand you over.',
    make: () => new Greeter(),
    makeUserData: newVisit,
  },
  {
    id: 'structured-output',
    name: 'Structured output',
    description: 'Decides with each answer how it is to be spoken, not only what.',
    make: () => new StructuredOutput(),
  },
  {
    id: 'chain-of-thought',
    name: 'Chain of thought',
    description: 'Thinks before it answers, silently, and tells you how if you ask.',
    make: () => new ChainOfThought(),
  },
  {
    id: 'keyword',
    name: 'Keyword',
    description: 'Say “over” to send before you let go, “never mind” to drop what you said.',
    make: () => new Keyword(),
  },
  {
    id: 'content-filter',
    name: 'Content filter',
    description: 'Has each sentence judged before you hear it, and withholds what is not fit for children.',
    make: () => new ContentFilter(),
  },
  {
    id: 'speedup',
    name: 'Speed-up',
    description: 'Speaks half as fast again, at its own pitch.',
    make: () => new Speedup(),
  },
  {
    id: 'rag',
    name: 'Your documents',
    description: 'Answers from a folder of your documents, and cites them.',
    make: ({ documentsFolder }) => new Rag({ folder: documentsFolder }),
  },
  {
    id: 'dictation',
    name: 'Dictation',
    description: 'Writes down what you say and puts it on the clipboard; nobody answers.',
    make: ({ copy }) => new Dictation({ copy }),
  },
];

/** The agents that ship, as data: what a person chooses among, and how each is made. */
import type { Agent } from '../conversation/agent.ts';
import { assistant } from './assistant.ts';

/** What an app lets its agents have of the user's. */
export interface Surroundings {
  /** What the user wants the assistant to be told instead of its own instructions; null is its own. */
  readonly instructions: string | null;
  /** The folder of documents that `rag` answers from; null while none was chosen. */
  readonly documentsFolder: string | null;
  /** Puts words on the clipboard of whoever is looking. */
  readonly copy: (text: string) => void;
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
];

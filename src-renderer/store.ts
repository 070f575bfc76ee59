/** What the window knows: the core's views as they were last told, and the few things only the window can know. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AgentView, ApprovalView } from '../src-preload/agents-contract.ts';
import type { Bridge } from '../src-preload/bridge.ts';
import type { AppView, ConversationView, FaultView, TurnView } from '../src-preload/contract.ts';
import type { RoomsView } from '../src-preload/rooms-contract.ts';
import { faultOf } from './bridge/command-error.ts';
import { inStep } from './in-step.ts';
import { withTurn } from './known-turns.ts';
import type { OpenRoom } from './rooms/open-room.ts';

export type Screen = 'talk' | 'history' | 'agents' | 'lab' | 'settings';

export interface State {
  /** null until the first answer. */
  readonly connected: boolean | null;
  readonly app: AppView | null;
  readonly conversation: ConversationView;
  /** In the order they began; may hold turns of earlier sessions of this window. */
  readonly turns: readonly TurnView[];
  readonly agents: readonly AgentView[];
  /** Calls of tools that wait for the user's answer. */
  readonly approvals: readonly ApprovalView[];
  /** The LiveKit server that is known, and the room that the core is in. */
  readonly rooms: RoomsView | null;
  /** This window's own place in that room, once it has one. */
  readonly room: OpenRoom | null;
  readonly screen: Screen;
  readonly microphone: { readonly label: string | null; readonly substituted: boolean; readonly muted: boolean };
  readonly outputSubstituted: boolean;
  readonly soundBlocked: boolean;
  /** What is written in the message field, and not sent. */
  readonly draft: string;
  /** The last command that failed outside any turn. */
  readonly fault: FaultView | null;
  /** A turn whose recording the VAD Lab is to open; null once it has taken it. */
  readonly labTurnId: string | null;
  /** How long a take is that Esc will discard if it is pressed again; null when it need not be asked. */
  readonly confirmDiscardMs: number | null;
}

export type Store = StoreApi<State>;

const QUIET: ConversationView = {
  sessionId: null,
  agentId: '',
  phase: 'idle',
  turnId: null,
  takeId: null,
  locked: false,
  private: false,
};

/** Follows the core for as long as the window lives; whatever was missed while it could not be reached is read again. */
export function createWindowStore(bridge: Bridge): Store {
  const store = createStore<State>()(() => ({
    connected: null,
    app: null,
    conversation: QUIET,
    turns: [],
    agents: [],
    approvals: [],
    rooms: null,
    room: null,
    screen: 'talk',
    microphone: { label: null, substituted: false, muted: false },
    outputSubstituted: false,
    soundBlocked: false,
    draft: '',
    fault: null,
    labTurnId: null,
    confirmDiscardMs: null,
  }));

  const { hear, read } = inStep<State>(store);
  const readConversation = () =>
    read(async () => {
      const { conversation, turns, approvals } = await bridge.invoke('conversation.get', {});
      return () => ({ conversation, turns, approvals });
    });

  bridge.on('app.changed', (app) => hear(() => ({ app })));
  bridge.on('turn.changed', (turn) => hear(({ turns }) => ({ turns: withTurn(turns, turn) })));
  bridge.on('agents.changed', (agents) => hear(() => ({ agents })));
  bridge.on('approval.requested', (approval) =>
    hear(({ approvals }) => ({ approvals: [...without(approvals, approval.approvalId), approval] })),
  );
  bridge.on('approval.closed', ({ approvalId }) =>
    hear(({ approvals }) => ({ approvals: without(approvals, approvalId) })),
  );
  bridge.on('room.changed', (rooms) => hear(() => ({ rooms })));
  bridge.on('conversation.changed', (conversation) => {
    const before = store.getState().conversation.sessionId;
    hear(() => ({ conversation }));
    if (before !== null && conversation.sessionId !== before) void readConversation().catch(() => undefined);
  });
  bridge.onConnection((connected) => {
    if (!connected) {
      store.setState(({ conversation: { agentId, private: isPrivate, sessionId } }) => ({
        connected,
        conversation: { ...QUIET, agentId, private: isPrivate, sessionId },
        approvals: [],
      }));
      return;
    }
    Promise.all([
      read(() => bridge.invoke('app.get', {}).then((app) => () => ({ app }))),
      read(() => bridge.invoke('agents.list', {}).then((agents) => () => ({ agents }))),
      read(() => bridge.invoke('room.get', {}).then((rooms) => () => ({ rooms }))),
      readConversation(),
    ])
      .then(() => store.setState({ connected, fault: null }))
      .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
  });
  return store;
}

function without(approvals: readonly ApprovalView[], approvalId: string): readonly ApprovalView[] {
  return approvals.filter((asked) => asked.approvalId !== approvalId);
}

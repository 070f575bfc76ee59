/** Who listens, in the status line, and whoever else could. */
import { useRef } from 'react';
import { nameOfAgent } from '../agents/agent-name.ts';
import { useTalkTo } from '../agents/talk-to.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';

export function AgentChoice() {
  const talkTo = useTalkTo();
  const agents = useWindow((state) => state.agents);
  const inForce = useWindow((state) => state.conversation.agentId);
  const byKeys = useRef(false);
  const usable = agents.filter(({ enabled, error, id }) => id === inForce || (enabled && !error));
  if (usable.length === 0) return null;
  return (
    <span title={words.agents.status}>
      <select
        className="status-choice"
        aria-label={words.agents.status}
        value={inForce}
        onPointerDown={() => {
          byKeys.current = false;
        }}
        onKeyDown={() => {
          byKeys.current = true;
        }}
        onChange={(event) => {
          // The talk key pressed next is meant to talk; by keys the choice may go on.
          if (!byKeys.current) event.target.blur();
          talkTo(event.target.value);
        }}
      >
        {!usable.some(({ id }) => id === inForce) && <option value={inForce}>{nameOfAgent(agents, inForce)}</option>}
        {usable.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

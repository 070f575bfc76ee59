/** A server of tools before it is one: its name and how it is reached. The rest is set once it is there. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { DraftChoice } from '../ui/draft-choice.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { useSaving } from '../ui/saving.ts';
import { splitCommand } from './command-line.ts';

const { toolServers } = words;

interface ToolServerDraftProps {
  readonly taken: readonly string[];
  readonly onAdd: (server: McpServerSettings) => Promise<unknown>;
  readonly onCancel: () => void;
}

type Kind = McpServerSettings['transport']['type'];
const KINDS: readonly Kind[] = ['stdio', 'http'];

export function ToolServerDraft({ taken, onAdd, onCancel }: ToolServerDraftProps) {
  const naming = useSaving();
  const reaching = useSaving();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('stdio');
  const [where, setWhere] = useState('');
  const nameField = useRef<HTMLInputElement>(null);
  useEffect(() => nameField.current?.focus(), []);

  const add = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === '') return naming.refuse(mistake(toolServers.nameMissing));
    if (taken.includes(trimmed)) return naming.refuse(mistake(toolServers.nameTaken));
    const transport = transportOf(kind, where);
    if (!transport) return reaching.refuse(mistake(toolServers.commandMissing));
    void reaching.save(() => onAdd({ name: trimmed, transport, approval: 'ask', enabled: true }));
  };

  return (
    <form className="tool-server" onSubmit={add} noValidate>
      <DraftField label={toolServers.name} field={nameField} value={name} onChange={setName} saving={naming} />
      <DraftChoice label={toolServers.kind} values={KINDS} names={toolServers.kinds} value={kind} onChoose={setKind} />
      <DraftField
        label={kind === 'stdio' ? toolServers.command : toolServers.url}
        hint={kind === 'stdio' ? toolServers.commandHint : undefined}
        placeholder={kind === 'stdio' ? 'npx -y @modelcontextprotocol/server-memory' : 'http://127.0.0.1:8931/mcp'}
        value={where}
        onChange={setWhere}
        saving={reaching}
      />
      <p className="tool-server-add">
        <button type="submit" className="button">
          {toolServers.addThis}
        </button>
        <button type="button" className="button button-quiet" onClick={onCancel}>
          {toolServers.cancel}
        </button>
      </p>
    </form>
  );
}

function transportOf(kind: Kind, where: string): McpServerSettings['transport'] | null {
  if (kind === 'http') return { type: 'http', url: where.trim() };
  const [command, ...args] = splitCommand(where);
  return command ? { type: 'stdio', command, args, env: {} } : null;
}

function mistake(message: string) {
  return { stage: null, code: 'tool-server-invalid', message, hint: '' };
}

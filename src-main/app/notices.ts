/** What the user should know that is no error of one turn; kept until dismissed. */
import { randomUUID } from 'node:crypto';
import type { NoticeView } from '../../src-preload/contract.ts';

export class Notices {
  #changed: () => void = () => {};
  #all: readonly NoticeView[] = [];

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  get all(): NoticeView[] {
    return [...this.#all];
  }

  /** The same message is not shown twice. */
  add(notice: Omit<NoticeView, 'id'>): void {
    if (this.#all.some(({ message }) => message === notice.message)) return;
    this.#all = [...this.#all, { ...notice, id: randomUUID() }];
    this.#changed();
  }

  dismiss(id: string): void {
    this.#all = this.#all.filter((notice) => notice.id !== id);
    this.#changed();
  }
}

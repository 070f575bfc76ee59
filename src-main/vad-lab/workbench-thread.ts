/** A workbench in a thread of its own: hours of sound scored in many lanes would hold up whoever talks meanwhile. */
import { Worker } from 'node:worker_threads';
import { Fault } from '../fault.ts';
import type { Recording } from './recordings.ts';
import type { Workbench } from './workbench.ts';
import type { WorkbenchAnswer, WorkbenchTask } from './workbench-worker.ts';

type Method = WorkbenchTask['method'];
type Pending = ReturnType<typeof Promise.withResolvers<unknown>>;

export class WorkbenchThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #ended: Error | null = null;

  constructor(recordings: readonly Recording[]) {
    // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
    const file = import.meta.url.endsWith('.ts') ? './workbench-worker.ts' : './workbench-worker.js';
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: recordings });
    this.#worker.unref();
    this.#worker.on('message', (answer: WorkbenchAnswer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#end(error as Error));
    this.#worker.on('exit', () => this.#end(closed()));
  }

  /** Calls that method of the workbench. @throws Fault as it does, and `source-closed` */
  ask<M extends Method>(method: M, ...values: Parameters<Workbench[M]>): Promise<Awaited<ReturnType<Workbench[M]>>> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(id, pending);
    this.#worker.postMessage({ id, method, values } satisfies WorkbenchTask);
    return pending.promise as Promise<Awaited<ReturnType<Workbench[M]>>>;
  }

  close(): void {
    this.#end(closed());
    void this.#worker.terminate();
  }

  #settle(answer: WorkbenchAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('result' in answer) {
      pending?.resolve(answer.result);
    } else {
      const { code, message, hint } = answer.fault;
      pending?.reject(new Fault(code, message, { hint }));
    }
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }
}

function closed(): Fault {
  return new Fault('source-closed', 'These recordings were closed', { hint: 'Open them again.' });
}

/**
 * Stands in for Electron's main process where its binary can't be had: as much of the API as the host uses, shaped by
 * electron.d.ts, driven by the test. What only the real one can show is in tests/electron.
 */
import { EventEmitter } from 'node:events';

type Handler = (event: unknown, ...args: unknown[]) => unknown;

/** Everything that happened, in order: what must come before what is part of the promise. */
export const log: string[] = [];

class DoubleApp extends EventEmitter {
  readonly isPackaged = false;
  readonly exited = Promise.withResolvers<number>();
  readonly #ready = Promise.withResolvers<void>();
  quitting = false;

  enableSandbox(): void {
    log.push('enableSandbox');
  }
  setPath(name: string): void {
    log.push(`setPath ${name}`);
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  becomeReady(): void {
    log.push('ready');
    this.#ready.resolve();
  }
  /** The windows are asked to close first, which takes a moment. */
  quit(): void {
    if (this.quitting) return;
    this.quitting = true;
    setImmediate(() => this.emit('will-quit', { preventDefault: () => (this.quitting = false) }));
  }
  exit(code: number): void {
    this.exited.resolve(code);
  }
}
export const app = new DoubleApp();

export class Frame {
  readonly origin: string;
  readonly posted: { channel: string; ports: Port[] }[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }
  postMessage(channel: string, _message: unknown, ports: Port[]): void {
    this.posted.push({ channel, ports });
  }
}

export class WebContents extends EventEmitter {
  readonly mainFrame = new Frame('squelch://app');
  readonly sent: { channel: string; args: unknown[] }[] = [];
  openHandler: (() => { action: string }) | null = null;

  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args: structuredClone(args) });
    this.emit('test:sent');
  }
  isDestroyed(): boolean {
    return false;
  }
  forcefullyCrashRenderer(): void {
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  }
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new WebContents();
  readonly options: { webPreferences: Record<string, unknown> };
  readonly loaded: string[] = [];

  constructor(options: { webPreferences: Record<string, unknown> }) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    log.push(`load ${url}`);
    return Promise.resolve();
  }
  menuBarVisible = true;
  setMenuBarVisibility(visible: boolean): void {
    this.menuBarVisible = visible;
  }
  show(): void {
    log.push('show');
  }
  minimised = false;
  isMinimized(): boolean {
    return this.minimised;
  }
  restore(): void {
    this.minimised = false;
  }
  focus(): void {
    log.push('focus');
  }
  isDestroyed(): boolean {
    return false;
  }
  /** As Windows does it (Electron, native_window_views_win.cc): who is not quitting when the handlers return is ended. */
  endSession(): 'ended' | 'waited for' {
    this.emit('session-end', {});
    return app.quitting ? 'waited for' : 'ended';
  }
}

class DoubleIpcMain {
  readonly handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.handlers.has(channel)) throw new Error(`A second handler for ${channel}`);
    log.push(`handle ${channel}`);
    this.handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}
export const ipcMain = new DoubleIpcMain();

/** One end of a channel; the renderer's end is one too. */
export class Port extends EventEmitter {
  other: Port | null = null;
  #started = false;
  #queue: unknown[] = [];

  postMessage(message: unknown, transfer?: unknown[]): void {
    if (transfer?.some((item) => item instanceof ArrayBuffer)) throw new TypeError('Buffers can not be transferred');
    this.other?.receive(structuredClone(message));
  }
  receive(data: unknown): void {
    if (this.#started) setImmediate(() => this.emit('message', { data, ports: [] }));
    else this.#queue.push(data);
  }
  start(): void {
    this.#started = true;
    for (const data of this.#queue) this.receive(data);
    this.#queue = [];
  }
  close(): void {
    this.other = null;
  }
}

export class MessageChannelMain {
  readonly port1 = new Port();
  readonly port2 = new Port();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

class DoubleProtocol {
  serve: ((request: Request) => Promise<Response>) | null = null;

  registerSchemesAsPrivileged(schemes: { scheme: string }[]): void {
    log.push(`declare ${schemes.map(({ scheme }) => scheme).join()}`);
  }
  handle(_scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.serve = handler;
  }
}
export const protocol = new DoubleProtocol();

export const powerMonitor = new EventEmitter();
export const nativeTheme = { shouldUseDarkColors: false };

interface Question {
  readonly message: string;
  readonly detail: string;
  readonly buttons?: readonly string[];
  readonly cancelId?: number;
  readonly signal?: AbortSignal;
}
export const dialog = {
  showErrorBox: (title: string, text: string) => log.push(`dialog ${title}: ${text}`),
  /** Those that are open: the test answers. */
  open: [] as { readonly text: string; answer(button: string): void }[],
  showMessageBox: (...args: [BrowserWindow, Question] | [Question]): Promise<{ response: number }> => {
    const question = args.at(-1) as Question;
    return new Promise((resolve) => {
      const box = {
        text: `${question.message}: ${question.detail}`,
        answer: (button: string) => close(question.buttons?.indexOf(button) ?? 0),
      };
      const close = (response: number) => {
        dialog.open = dialog.open.filter((other) => other !== box);
        resolve({ response });
      };
      question.signal?.addEventListener('abort', () => close(question.cancelId ?? 0));
      dialog.open.push(box);
    });
  },
};
export const powerSaveBlocker = {
  started: new Set<number>(),
  last: 0,
  start: (type: string) => {
    log.push(`awake ${type}`);
    powerSaveBlocker.started.add(++powerSaveBlocker.last);
    return powerSaveBlocker.last;
  },
  stop: (id: number) => powerSaveBlocker.started.delete(id),
};

interface MenuTemplate {
  readonly role?: string;
  readonly label?: string;
  readonly accelerator?: string;
  readonly submenu?: readonly MenuTemplate[];
}
export const Menu = {
  inForce: [] as readonly MenuTemplate[],
  setApplicationMenu: (menu: readonly MenuTemplate[]) => {
    Menu.inForce = menu;
  },
  buildFromTemplate: (template: readonly MenuTemplate[]) => template,
};
export const systemPreferences = { askForMediaAccess: async () => true };

class DoubleSession extends EventEmitter {
  setPermissionRequestHandler(): void {
    log.push('permission requests');
  }
  setPermissionCheckHandler(): void {
    log.push('permission checks');
  }
  setDevicePermissionHandler(): void {}
}
export const session = { defaultSession: new DoubleSession() };

export const safeStorage = {
  /** Of where the password came from, as Chromium has it: v10 is the one that everybody knows. */
  tag: 'v11',
  getSelectedStorageBackend: () => 'gnome_libsecret',
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text: string) =>
    Buffer.concat([Buffer.from(safeStorage.tag), Buffer.from(text, 'utf8').reverse()]),
  decryptStringAsync: async (bytes: Buffer) => ({
    result: Buffer.from(bytes.subarray(safeStorage.tag.length)).reverse().toString('utf8'),
    shouldReEncrypt: false,
  }),
};

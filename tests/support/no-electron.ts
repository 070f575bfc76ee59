/** Stands in for `electron` under Vitest, where it can't run. */
throw new Error('`electron` was imported outside Electron: only src-main/hosts/electron may know it.');

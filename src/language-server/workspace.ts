import type { Overlay } from '../activities/blueprints/folder.ts';
import {
  isBlueprint,
  isFragment,
  mostCharacters,
  problemsOfFragment,
  withoutRepeats,
} from '../editor/problems.ts';
import { createMemory, type Memory } from '../language/index.ts';
import { cataloguePaths } from '../activities/blueprints/catalogue.ts';
import { check, type Checked, keyOf, type Location, locationAt } from './check.ts';
import { importersOf } from './importers.ts';
import { type Problem, withRelated } from './related.ts';

/** An open document. */
export type Open = { readonly location: Location; readonly text: string };

/** The blueprints that the open documents are of, checked again whenever something changes. */
export type Workspace = {
  /** A document was opened, or files changed outside of the editor: which blueprint is whose is asked anew. */
  readonly look: () => void;
  /** An open document changed. */
  readonly change: (key: string) => void;
  /** The checked blueprints that a file is of, its own first; waits until all that changed is checked. */
  readonly blueprintsOf: (key: string) => Promise<readonly Checked[]>;
};

export type WorkspaceOptions = {
  readonly open: () => readonly Open[];
  readonly overlay: Overlay;
  /** Folder of plugins of one's own; null: there is none. */
  readonly plugins: string | null;
  /** Folders of the editor. */
  readonly roots: () => readonly string[];
  /** Told after each check: what there is to say, by the key of the file. */
  readonly publish: (problems: ReadonlyMap<string, readonly Problem[]>) => void;
  readonly failed: (error: unknown) => void;
};

type Blueprint = { readonly location: Location; readonly memory: Memory; checked: Checked | null };

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const blueprints = new Map<string, Blueprint>();
  const changed = new Set<string>();
  let lookAgain = false;
  let running: Promise<void> | null = null;

  return {
    look() {
      lookAgain = true;
      start();
    },
    change(key) {
      changed.add(key);
      start();
    },
    async blueprintsOf(key) {
      await settled();
      return membersOf(key).sort(
        (one, other) => Number(other.location.key === key) - Number(one.location.key === key),
      );
    },
  };

  async function settled(): Promise<void> {
    for (let now = running; now !== null; now = running) await now;
  }

  function start(): void {
    running ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(run)
      .catch(options.failed)
      .finally(() => {
        running = null;
        if (lookAgain || changed.size > 0) start();
      });
  }

  async function run(): Promise<void> {
    const everything = lookAgain;
    lookAgain = false;
    const keys = new Set(changed);
    changed.clear();
    if (everything) await findBlueprints();
    for (const one of blueprints.values()) {
      const { checked, location } = one;
      const isConcerned =
        checked === null || keys.has(location.key) || [...checked.members].some((key) => keys.has(key));
      if (everything || isConcerned)
        one.checked = await check(location, options.overlay, options.plugins, one.memory);
    }
    // What came in meanwhile is checked at once; only that result is worth telling.
    if (changed.size > 0) return;
    if (settle()) return;
    options.publish(problems());
  }

  async function findBlueprints(): Promise<void> {
    const wanted = new Map<string, Location>();
    for (const { location, text } of options.open()) {
      if (isChecked(location, text)) wanted.set(location.key, location);
      if (location.folder === null) continue;
      for (const path of await importersOf(location.key, options.roots(), options.overlay)) {
        wanted.set(path, locationAt(path));
      }
    }
    for (const key of blueprints.keys()) if (!wanted.has(key)) blueprints.delete(key);
    for (const [key, location] of wanted) add(key, location);
  }

  function add(key: string, location: Location): void {
    if (!blueprints.has(key)) blueprints.set(key, { location, memory: createMemory(), checked: null });
  }

  /** A document may begin or cease to be a blueprint by what is typed into it. */
  function settle(): boolean {
    let again = false;
    for (const { location, text } of options.open()) {
      const isKnown = blueprints.has(location.key);
      if (isChecked(location, text) === isKnown) continue;
      if (isKnown) blueprints.delete(location.key);
      else {
        add(location.key, location);
        changed.add(location.key);
        again = true;
      }
    }
    return again;
  }

  /** Blueprints that no other one imports: what is imported is understood with who imports it. */
  function tops(): readonly Checked[] {
    const all = [...blueprints.values()].flatMap(({ checked }) => checked ?? []);
    const bySize = all.sort((one, other) => other.members.size - one.members.size);
    const kept: Checked[] = [];
    for (const one of bySize) {
      if (!kept.some(({ members }) => members.has(one.location.key))) kept.push(one);
    }
    const open = new Set(options.open().map(({ location }) => location.key));
    return kept.filter(
      ({ location, members }) => open.has(location.key) || [...members].some((key) => open.has(key)),
    );
  }

  function membersOf(key: string): Checked[] {
    const all = [...blueprints.values()].flatMap(({ checked }) => checked ?? []);
    return all.filter(({ location, members }) => location.key === key || members.has(key));
  }

  function problems(): ReadonlyMap<string, readonly Problem[]> {
    const found = new Map<string, Problem[]>();
    for (const { location, diagnostics } of tops()) {
      const text = options.overlay(location.key);
      const isWhole = text === undefined || isBlueprint(text);
      for (const one of isWhole ? diagnostics : problemsOfFragment(diagnostics)) {
        const keyIn = (file: string) => keyOf(location, file, options.plugins);
        const key = keyIn(one.file);
        const ofFile = found.get(key) ?? [];
        ofFile.push(withRelated(one, keyIn));
        found.set(key, ofFile);
      }
    }
    return new Map([...found].map(([key, all]) => [key, withoutRepeats(all)]));
  }
}

function isChecked({ key }: Location, text: string): boolean {
  if (text.length > mostCharacters || cataloguePaths.has(key)) return false;
  return isBlueprint(text) || isFragment(text);
}

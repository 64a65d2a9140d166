import type { DraftNode } from './draft.ts';
import type { Node } from '../source/node.ts';

/** What is looked up while values are evaluated. */
export type LookUps = {
  readonly input: (name: string) => Node | undefined;
  readonly hasInput: (name: string) => boolean;
  /** The property as written, or undefined when the node has none. */
  readonly property: (node: string, name: string) => Node | undefined;
  readonly hasNode: (name: string) => boolean;
  readonly node: (name: string) => DraftNode | undefined;
};

type LookUp = { readonly ask: (source: LookUps) => unknown; readonly found: unknown };

/** All that some work looked up: while it is the same, so is what the work gives. */
export type Reads = {
  readonly lookUps: LookUp[];
  /** Of what had been evaluated before, and was used. Not copied: what leads from one to the next is long. */
  readonly others: Reads[];
  /** Whether something was reported meanwhile, which is to be reported again. */
  reported: boolean;
};

/** Looks up, and notes what for whom. */
export type Tracker = {
  readonly lookUps: LookUps;
  readonly during: <T>(work: () => T) => { readonly result: T; readonly reads: Reads };
  /** What was evaluated before is used. */
  readonly used: (reads: Reads) => void;
};

const none = (): Reads => ({ lookUps: [], others: [], reported: false });

/** Notes nothing. */
export function untracked(lookUps: LookUps): Tracker {
  return { lookUps, during: (work) => ({ result: work(), reads: none() }), used: () => undefined };
}

/** Made here, since what they hold on to is kept from compile to compile. */
const asks = {
  input: (name: string) => (from: LookUps) => from.input(name),
  hasInput: (name: string) => (from: LookUps) => from.hasInput(name),
  property: (node: string, name: string) => (from: LookUps) => from.property(node, name),
  hasNode: (name: string) => (from: LookUps) => from.hasNode(name),
  node: (name: string) => (from: LookUps) => from.node(name),
};

/** `heard`: how much has been reported. */
export function trackReads(source: LookUps, heard: () => number): Tracker {
  let reads = none();
  const noted = <T>(ask: (from: LookUps) => T): T => {
    const found = ask(source);
    reads.lookUps.push({ ask, found });
    return found;
  };
  const lookUps: LookUps = {
    input: (name) => noted(asks.input(name)),
    hasInput: (name) => noted(asks.hasInput(name)),
    property: (node, name) => noted(asks.property(node, name)),
    hasNode: (name) => noted(asks.hasNode(name)),
    node: (name) => noted(asks.node(name)),
  };
  return {
    lookUps,
    during(work) {
      const [outer, inner, before] = [reads, none(), heard()];
      reads = inner;
      const result = work();
      inner.reported = heard() > before;
      outer.others.push(inner);
      reads = outer;
      return { result, reads: inner };
    },
    used: (earlier) => void reads.others.push(earlier),
  };
}

/** Tells of reads whether looking all up again would find the same; asks once for each. */
export function createIsCurrent(source: LookUps): (reads: Reads) => boolean {
  const current = new WeakSet<Reads>();
  return (reads) => {
    const seen = new Set<Reads>();
    const open = [reads];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (seen.has(one) || current.has(one)) continue;
      seen.add(one);
      if (one.reported || !one.lookUps.every(({ ask, found }) => ask(source) === found)) return false;
      open.push(...one.others);
    }
    for (const one of seen) current.add(one);
    return true;
  };
}

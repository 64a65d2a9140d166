import { expect, it } from 'vitest';
import { readDocuments } from '../../../../src/activities/kubernetes/manifests/files.ts';

it('reads every document, as kubectl reads YAML', () => {
  const text = '---\na: 0644\nb: 2026-01-02\nc: 12:30\n---\n# nothing\n---\nd: &x {e: 1}\nf: *x\n';
  expect(readDocuments(text, 'f.yaml')).toEqual([
    { a: 420, b: '2026-01-02', c: '12:30' },
    { d: { e: 1 }, f: { e: 1 } },
  ]);
});

it('tells the file and the place of what is no YAML', () => {
  expect(() => readDocuments('a: [', 'f.yaml')).toThrow(/f\.yaml.*line 1/su);
});

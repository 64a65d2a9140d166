import { expect, it } from 'vitest';
import { definitionOf } from '../../src/editor/definition.ts';
import { hover } from '../../src/editor/hover.ts';
import { head, marked } from './fixture.ts';

const text = `${head}node_templates:
  first:
    type: own.Service
    properties:
      enabled: true
      place: { address: { host: { get_input: other }, port: 1 } }
  second:
    type: own.Service
    properties: &shared
      enabled: { get_attribute: [first, enabled] }
    interfaces:
      own.interface:
        check:
          implementation: scripts/start.sh
          inputs:
            depth: 3
    relationships:
      - type: own.linked
        target: first
        properties: { weight: 2 }
  third:
    type: own.Service
    properties: *shared
`;

/** The word of the text that the caret is put into, and what it means. */
const cases: readonly (readonly [
  word: string,
  around: string,
  hover: RegExp | null,
  definition: string | null,
])[] = [
  ['node_templates', 'node_templates:', /things that are installed/, null],
  [
    'own.Service',
    'type: own.Service',
    /A service of our own\.[^]*`cloudify\.nodes\.Root`[^]*`enabled` \(boolean\)/,
    'own.yaml',
  ],
  ['own.linked', 'type: own.linked', /relationship type/, 'own.yaml'],
  [
    'enabled',
    'enabled: true',
    /`enabled`: property, boolean\n\nWhether it is on\.\n\nDefault: `true`/,
    'own.yaml',
  ],
  ['host', 'host: {', /Its name\./, 'own.yaml'],
  ['other', 'get_input: other', /`other`: input, any type\n\nRequired\./, 'main.yaml'],
  ['subnet', '  subnet:', /The addresses\./, 'main.yaml'],
  ['get_attribute', 'get_attribute', /runtime property/, null],
  ['first', '[first', /`first`: own\.Service/, 'main.yaml'],
  ['enabled', 'first, enabled', /Whether it is on/, 'own.yaml'],
  ['check', 'check:', /no implementation/, 'own.yaml'],
  ['depth', 'depth: 3', /How deep/, 'own.yaml'],
  ['scripts/start.sh', 'scripts/start.sh', null, 'script scripts/start.sh'],
  ['first', 'target: first', /own\.Service/, 'main.yaml'],
  ['weight', 'weight: 2', /Default: `1`/, 'own.yaml'],
  ['own.yaml', '- own.yaml', null, 'import own.yaml'],
  ['*shared', '*shared', null, 'here &shared'],
];

it.each(cases)('%s in «%s»', async (word, around, wanted, defined) => {
  const at = text.indexOf(around);
  const offset = at + around.indexOf(word) + 1;
  const { knowledge, text: plain } = await marked(`${text.slice(0, offset)}‸${text.slice(offset)}`);
  const said = hover(plain, offset, knowledge);
  expect(said === null).toBe(wanted === null);
  expect(said?.markdown ?? '').toMatch(wanted ?? /^$/);
  expect(plain.slice(said?.start, said?.end)).toBe(said === null ? plain : word);
  const found = definitionOf(plain, offset, knowledge);
  expect(shown(found, plain)).toBe(defined);
});

function shown(found: ReturnType<typeof definitionOf>, plain: string): string | null {
  if (found === null) return null;
  if (found.kind === 'place') return found.place.file.name;
  return found.kind === 'here'
    ? `here ${plain.slice(found.start, found.end)}`
    : `${found.what} ${found.location}`;
}

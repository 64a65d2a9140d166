import { describe, expect, it } from 'vitest';
import { readOverride } from '../../../../src/activities/kubernetes/manifests/override-text.ts';
import { applyOverrides } from '../../../../src/activities/kubernetes/manifests/overrides.ts';
import { substitutionFor } from '../../../../src/activities/kubernetes/manifests/substitution.ts';
import { isJsonObject, type JsonObject } from '../../../../src/contracts/json.ts';
import { microservice } from '../../../support/kubernetes.ts';

const self = microservice({
  properties: { name: 'router', port: 2601 },
  runtimeProperties: { own: 'mine' },
  targets: [
    {
      relationshipType: 'cloudify.relationships.connected_to',
      relationshipTypeHierarchy: [],
      relationshipProperties: {},
      id: 'cluster_1',
      node: 'cluster',
      typeHierarchy: [],
      properties: {},
      runtimeProperties: {
        vm_info: { ips: '10.0.0.1', list: ['a', 'b'] },
        count: 3,
        digits: '5',
        quote: "it's",
        hostile: "1}, 'b': {'c': 2",
      },
    },
  ],
});
const substitute = substitutionFor(self, 'chain');
const read = (text: string) => readOverride(text, substitute);

describe('an override', () => {
  it.each([
    ["['spec']['replicas']=3", ['spec', 'replicas'], 3],
    [' [ "spec" ] [ 0 ] = -1.5 ', ['spec', 0], -1.5],
    ["['a']='it\\'s \\\\ here'", ['a'], "it's \\ here"],
    ["['a']=True", ['a'], true],
    ["['a']=None", ['a'], null],
    ["['a']=[1, 'two', {'three': False},]", ['a'], [1, 'two', { three: false }]],
    ["['a']={}", ['a'], {}],
    ["['a']='@{cluster,vm_info,ips}:80'", ['a'], '10.0.0.1:80'],
    ["['a']=@{cluster,count}", ['a'], 3],
    ["['a']=@{cluster,digits}", ['a'], 5],
    ["['a']='@{cluster,digits}'", ['a'], '5'],
    ["['a']=@{cluster,vm_info,list,1}", ['a'], 'b'],
    ["['a']='@{cluster,quote}'", ['a'], "it's"],
    ["['a']=@{router,own}", ['a'], 'mine'],
    ["['a']=@{cluster,hostile}", ['a'], "1}, 'b': {'c': 2"],
    ["['a']='@{cluster,hostile}'", ['a'], "1}, 'b': {'c': 2"],
    ["['a']=@{cluster,vm_info,list}", ['a'], ['a', 'b']],
    ["['a']=%{ctx.node.properties['port']}", ['a'], 2601],
    ["['a']='%{node.properties.name}-%{ctx.deployment.id}'", ['a'], 'router-chain'],
    ["['a']='%{ctx.instance.runtime_properties[\"own\"]}'", ['a'], 'mine'],
  ])('%s is read', (text, path, value) => {
    expect(read(text)).toEqual({ path, value });
  });

  it.each([
    ['spec=3', 'must come first'],
    ["['a']", '«=»'],
    ["['a']=3; import os", 'nothing may follow'],
    ["['a']=open('/etc/passwd').read()", 'must come here'],
    ["['a']='open", 'closing quote'],
    ["['a']=[1 2]", '«,» or «]»'],
    ['[1.5]=1', 'whole number'],
    ["['@{router,own}']=1", 'nothing is filled into a key'],
    ["['a'][%{ctx.node.properties.port}]=1", 'nothing is filled into a key'],
    ["['a']={'@{router,own}': 1}", 'nothing is filled into a key'],
    ["['a']=@{cluster,vm_info}", 'it is an object there'],
    ["['a']=['%{ctx.node.properties}']", 'it is an object there'],
    ["['a']=__import__('os')", 'must come here'],
  ])('%s is refused', (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });

  it.each([
    ["['a']=@{elsewhere,x}", 'no relationship'],
    ["['a']=@{cluster,nothing}", 'no «nothing»'],
    ["['a']=%{management_ip}", 'no «management_ip»'],
    ["['a']=%{ctx.node.properties.get('x')}", 'Only paths'],
    ["['a']=%{ctx.constructor}", 'no «constructor»'],
  ])('%s names nothing that it may', (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });
});

describe('overrides of a file', () => {
  const documents: readonly JsonObject[] = [
    { kind: 'Service', spec: { ports: [{ port: 1 }] } },
    { kind: 'RC', spec: { template: { x: 1 } } },
  ];
  const apply = (...overrides: string[]) => applyOverrides(documents, overrides, substitute);

  it('go to the first document that has the path', () => {
    expect(apply("['spec']['template']['x']=2", "['spec']['ports'][-1]['port']=9")).toEqual([
      { kind: 'Service', spec: { ports: [{ port: 9 }] } },
      { kind: 'RC', spec: { template: { x: 2 } } },
    ]);
    expect(documents[0]).toHaveProperty('spec.ports', [{ port: 1 }]);
  });

  it('are refused without the way to their path, as an assignment in Python is', () => {
    expect(() => apply("['spec']['missing']['x']=2")).toThrow('does not have');
    expect(() => apply("['spec']['ports'][1]=2")).toThrow('does not have');
  });

  it('cannot reach the prototype', () => {
    const [first] = apply("['__proto__']={'polluted': True}");
    expect(isJsonObject(first) && Object.hasOwn(first, '__proto__')).toBe(true);
    expect('polluted' in {}).toBe(false);
  });
});

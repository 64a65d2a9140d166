import type { Diagnostic } from '../../src/contracts/diagnostic.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { compile, type Compiled, type Memory } from '../../src/language/index.ts';

export type Options = {
  readonly inputs?: JsonObject | null;
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly compat?: boolean;
  readonly strict?: boolean;
  readonly memory?: Memory;
};

/** Types that most blueprints here build on. */
const base = `
plugins:
  p: { executor: central_deployment_agent, install: false }
  script: { executor: central_deployment_agent, install: false }
node_types:
  cloudify.nodes.Root: {}
  cloudify.nodes.Compute: { derived_from: cloudify.nodes.Root, properties: { ip: { default: '' } } }
relationships:
  cloudify.relationships.depends_on: {}
  cloudify.relationships.connected_to: { derived_from: cloudify.relationships.depends_on }
  cloudify.relationships.contained_in: { derived_from: cloudify.relationships.depends_on }
`;

/** Compiles a text that imports `base.yaml`; line 1 of the text is line 3 of the file. */
export function compileText(text: string, options: Options = {}): Promise<Compiled> {
  const version = options.version ?? 'cloudify_dsl_1_5';
  const main = `tosca_definitions_version: ${version}\nimports: [base.yaml]\n${text.replace(/^\n/, '')}`;
  const files = { 'main.yaml': main, 'base.yaml': base, ...options.files };
  return compileFiles(files, options);
}

/** Compiles `main.yaml` of some files. */
export function compileFiles(
  files: Readonly<Record<string, string>>,
  { inputs = {}, compat = false, strict = false, memory }: Options = {},
): Promise<Compiled> {
  const read = (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined);
  return compile({
    main: 'main.yaml',
    load: async (location) => {
      const text = read(location);
      return text === undefined ? { reason: 'there is no such file.' } : { file: location, text };
    },
    exists: async (path) => read(path) !== undefined,
    inputs,
    compat,
    strict,
    ...(memory === undefined ? {} : { memory }),
  });
}

/** The plan of a text that must be right. */
export async function planOf(text: string, options: Options = {}): Promise<Plan> {
  const { plan, diagnostics } = await compileText(text, options);
  if (plan === null) throw new Error(`No plan:\n${diagnostics.map(show).join('\n')}`);
  return plan;
}

/** What is said of a text, as `code line:column`; errors and warnings alike. */
export async function remarksOn(text: string, options: Options = {}): Promise<readonly string[]> {
  const { diagnostics } = await compileText(text, options);
  return diagnostics.map(({ code, file, line, column }) => {
    return file === 'main.yaml' ? `${code} ${line - 2}:${column}` : `${code} ${file} ${line}:${column}`;
  });
}

function show({ file, line, column, code, message }: Diagnostic): string {
  return `${file}:${line}:${column} ${code} ${message}`;
}

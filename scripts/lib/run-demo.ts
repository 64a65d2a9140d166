import { taskQueue } from '../../lab/worker.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Output } from '../../src/cli/output.ts';
import { onInterrupt } from '../../src/cli/interrupt.ts';
import { follow } from '../../src/cli/view/follow.ts';
import { proofLines } from '../../src/cli/view/proof.ts';
import { outputsTable } from '../../src/cli/view/tables.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { connect } from '../../src/client/connect.ts';
import { chainInputs } from './chain-inputs.ts';
import { installControlLines } from './install-control.ts';

export type DemoOptions = {
  readonly lab: Lab;
  /** First two numbers of the demo's networks. */
  readonly network: string;
  /** Whether the Apache servers are virtual machines. */
  readonly virtualMachines: boolean;
  readonly output: Output;
};

const blueprint = 'hybrid-service-chain/chain.yaml';

/** Installs the chain by one workflow, shows how it goes, proves it, and tells what is there and what next. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { lab, output } = options;
  process.env['TEMPORAL_ADDRESS'] = lab.temporal.address;
  process.env['TEMPORAL_NAMESPACE'] = lab.temporal.namespace;
  const deployment = lab.name === 'demo' ? 'chain' : lab.name;
  const client = await connect();
  const braid = createBraid({ client, taskQueue });
  const release = onInterrupt(() => tellGoingOn(options));
  try {
    await install(braid, deployment, options);
    const proof = await braid.run('prove', { deployment });
    const record = await braid.deployment(deployment);
    const lines = [
      '',
      `${deployment} is installed. Its outputs:`,
      ...outputsTable(record.outputs),
      '',
      'The proof, by requests of this moment:',
      ...proofLines(proof),
      ...installControlLines(record),
      ...nextLines(lab, deployment),
    ];
    for (const line of lines) output.line(line);
    if (!proof.proven) process.exitCode = 1;
  } finally {
    release();
    await client.connection.close();
  }
}

function tellGoingOn({ lab, virtualMachines, output }: DemoOptions): void {
  output.line();
  output.line('The install goes on without being watched. What next:');
  output.line(`  ${demoCommand(lab, virtualMachines ? '--virtual-machines' : '')}   # watches it again`);
  output.line(`  ${demoCommand(lab, '--down')}   # removes all of it`);
}

/** The command as it was given, by the lab’s name. */
function demoCommand({ name }: Lab, option: string): string {
  const options = [...(name === 'demo' ? [] : [`--name ${name}`]), ...(option === '' ? [] : [option])];
  return options.length === 0 ? 'npm run demo' : `npm run demo -- ${options.join(' ')}`;
}

/** One that a demo before started, and that goes on, is followed to its end first. */
async function install(
  braid: Braid,
  deployment: string,
  { network, virtualMachines, output }: DemoOptions,
): Promise<void> {
  const earlier = (await braid.deployments()).find((record) => record.deployment === deployment)?.holder;
  if (earlier?.kind === 'install' && (await braid.isRunning(earlier.execution))) {
    output.line(`Going on with the workflow ${earlier.execution}`);
    await follow(braid, 'install', earlier.execution, output);
    return;
  }
  const inputs = {
    ...(await chainInputs(network, deployment)),
    ...(virtualMachines ? { apache_provider: 'virtual_machine' } : {}),
  };
  const execution = await braid.start('install', { deployment, blueprint, inputs });
  output.line(`Installing ${blueprint} as ${deployment} by the workflow ${execution}`);
  await follow(braid, 'install', execution, output);
}

function nextLines(lab: Lab, deployment: string): readonly string[] {
  const { temporal } = lab;
  return [
    '',
    `Temporal’s Web UI: ${temporal.ui}`,
    '',
    'What next:',
    `  export TEMPORAL_ADDRESS=${temporal.address}`,
    `  npm run braid -- status ${deployment}`,
    `  npm run braid -- prove ${deployment} --disruptive   # takes the router away, and brings it back`,
    `  npm run braid -- heal ${deployment}`,
    `  ${demoCommand(lab, '--down')}`,
  ];
}

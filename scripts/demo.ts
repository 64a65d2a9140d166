import { parseArgs } from 'node:util';
import { down, up } from '../lab/lab.ts';
import { createReporter } from '../lab/report.ts';
import { failed } from '../src/cli/exit.ts';
import { createOutput } from '../src/cli/output.ts';
import { tellFailure } from '../src/cli/tell-failure.ts';
import { runDemo } from './lib/run-demo.ts';

/** `npm run demo`: the hybrid service chain, live, on a data centre that is set up for it on this machine. */
const usage = `npm run demo -- [options]
  --name NAME      name of the lab; two demos with names of their own live side by side (default: demo)
  --network A.B    first two numbers of the demo's networks (default: 10.100)
  --virtual-machines
                   both Apache servers on virtual machines with kernels of their own
  --http-api       serve Temporal's HTTP API too
  --yes            install system packages by sudo where this is not root
  --down           remove every trace of the demo; builds and images are kept
  --cache          with --down: remove the kept builds and images too`;

try {
  const { values } = parseArgs({
    options: {
      name: { type: 'string', default: 'demo' },
      network: { type: 'string', default: '10.100' },
      'virtual-machines': { type: 'boolean', default: false },
      'http-api': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      down: { type: 'boolean', default: false },
      cache: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const report = createReporter();
  const { name, yes, network } = values;
  if (values.help) {
    console.log(usage);
  } else if (values.down) {
    await down({ name, report, cache: values.cache });
  } else {
    const virtualMachines = values['virtual-machines'];
    const lab = await up({ name, report, yes, virtualMachines, httpApi: values['http-api'] });
    await runDemo({ lab, network, virtualMachines, output: createOutput(false) });
  }
} catch (error) {
  const reason = failed(error);
  tellFailure(reason, false);
  if (error instanceof TypeError) console.error(usage);
  process.exitCode = reason.exit;
}

import { failure } from '../../contracts/failure.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import type { MachineProvider, MachineProviders } from './provider.ts';
import { textOf } from './subject.ts';

/** The name of the provider that is to make the machine: its property, or that which made it, or the usual one. */
export function wantedProvider(self: InstanceView, providers: MachineProviders): string {
  return textOf(self.properties, 'provider', self.id) || (recordedProvider(self) ?? providers.usual);
}

/** The one that made the machine, as its runtime properties tell. */
export function recordedProvider(self: InstanceView): string | undefined {
  return textOf(self.runtimeProperties, 'provider', self.id) || undefined;
}

/** Where the machine is looked for: at the provider that made it, whatever its property says by now. */
export function machinesOf(self: InstanceView, providers: MachineProviders): MachineProvider {
  return providerNamed(recordedProvider(self) ?? wantedProvider(self, providers), self, providers);
}

/** Fails as OperationInputInvalid, naming those that the worker has. */
export function providerNamed(
  name: string,
  self: InstanceView,
  providers: MachineProviders,
): MachineProvider {
  const provider = Object.hasOwn(providers.kinds, name) ? providers.kinds[name] : undefined;
  if (provider !== undefined) return provider;
  const known = Object.keys(providers.kinds).sort().join(', ');
  throw failure(
    'OperationInputInvalid',
    `machine ${self.id} wants provider ${JSON.stringify(name)}, which this worker does not have; it has ${known}`,
    { details: { instance: self.id, property: 'provider', known } },
  );
}

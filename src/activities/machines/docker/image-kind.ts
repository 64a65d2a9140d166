import { failure } from '../../../contracts/failure.ts';
import type { MachineRequest } from '../provider.ts';
import type { Engine } from './engine.ts';
import type { MachineKind } from './kind.ts';

/** Of which kind of machine an image is; one without the label is of a container. */
const label = 'io.braid.provider';

/** Fails as OperationInputInvalid when the image is not there, or of another kind of machine. */
export async function requireImageOf(
  engine: Engine,
  kind: MachineKind,
  request: MachineRequest,
  signal: AbortSignal,
): Promise<void> {
  const info = await engine.find(`look at image ${request.image}`, signal, () =>
    engine.docker.getImage(request.image).inspect(),
  );
  if (info === undefined) {
    throw refused(
      request,
      `which is not on the engine; build it (\`${buildCommand(kind)}\` does), or correct the property image`,
    );
  }
  const made = info.Config.Labels?.[label] ?? 'container';
  if (made !== kind.name) {
    throw refused(
      request,
      `which is of a ${made} and not of a ${kind.name}; correct its property image or provider`,
    );
  }
}

function buildCommand({ name }: MachineKind): string {
  return name === 'virtual_machine' ? 'braid lab up --virtual-machines' : 'braid lab up';
}

function refused(request: MachineRequest, why: string): Error {
  return failure('OperationInputInvalid', `machine ${request.name} wants image ${request.image}, ${why}`, {
    details: { property: 'image', image: request.image },
  });
}

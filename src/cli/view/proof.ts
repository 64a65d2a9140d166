import type { TrafficAnswer } from '../../contracts/operation.ts';
import type { ProveResult } from '../../contracts/workflows/prove.ts';

/** A proof as people read it: the answers, the path that this run measured, the control, the verdict. */
export function proofLines(result: ProveResult): readonly string[] {
  const { deployment, proven, traffic, hops, controls, problems } = result;
  return [
    ...traffic.flatMap(({ evidence }) => [
      `curl ${evidence.url} from ${evidence.from}`,
      ...evidence.answers.map((answer, index) => `  ${String(index + 1).padStart(2)}  ${answerText(answer)}`),
    ]),
    ...(hops.length === 0
      ? []
      : ['', 'The path, with what each hop counted in this run:', ...pathLines(result)]),
    ...controls.map(
      ({ instance, trafficStopped, trafficCameBack }) =>
        `Control: without ${instance} traffic ${trafficStopped ? 'stopped' : 'WENT ON'}; with it again it ${trafficCameBack ? 'came back' : 'DID NOT COME BACK'}.`,
    ),
    '',
    proven ? `✓ ${deployment} is proven.` : `✗ ${deployment} is not proven.`,
    ...problems.map((problem) => `  ${problem}`),
  ];
}

function answerText(answer: TrafficAnswer): string {
  const time = `${answer.milliseconds.toFixed(0)} ms`;
  return answer.ok
    ? `${answer.status}  ${answer.body.trim()}  (${time})`
    : `failed  ${answer.reason}  (${time})`;
}

/** Only hops that were measured are drawn. */
function pathLines({ traffic, hops }: ProveResult): readonly string[] {
  const from = traffic[0]?.evidence.from ?? 'client';
  const pages = [
    ...new Set(
      traffic.flatMap(({ evidence }) =>
        evidence.answers.flatMap((answer) => (answer.ok ? [answer.body.trim()] : [])),
      ),
    ),
  ];
  return [
    `  ${from}`,
    ...hops.flatMap(({ role, at, addresses, grown }) => [
      '    │',
      '    ▼',
      `  ${role} at ${at} (${addresses.join(', ')})`,
      ...Object.entries(grown)
        .filter(([, by]) => by > 0)
        .map(([counter, by]) => `    +${by} ${counter}`),
    ]),
    '    │',
    '    ▼',
    ...pages.map((page) => `  ${page}`),
  ];
}

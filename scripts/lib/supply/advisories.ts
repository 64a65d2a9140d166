import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export type Advisory = {
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  /** Where it is told. */
  readonly url: string;
};

const adviceSchema = z.object({ name: z.string(), severity: z.string(), title: z.string(), url: z.string() });
const reportSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), adviceSchema])) })),
});
const refusalSchema = z.object({ message: z.string() });

/** What npm’s registry knows of the packages of the lock file. Fails when it does not tell. */
export async function npmAdvisories(root: string): Promise<readonly Advisory[]> {
  const child = spawn('npm', ['audit', '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  return advisoriesIn(await Promise.race([text(child.stdout), failed]));
}

/** Each once, in what `npm audit --json` prints. */
export function advisoriesIn(printed: string): readonly Advisory[] {
  const said: unknown = JSON.parse(printed);
  const { data: report } = reportSchema.safeParse(said);
  if (report === undefined) {
    const { data: refusal } = refusalSchema.safeParse(said);
    throw new Error(refusal?.message.replace(/ - .*$/s, '') ?? 'its answer is not understood');
  }
  const advisories = Object.values(report.vulnerabilities).flatMap(({ via }) =>
    via.filter((each) => typeof each !== 'string'),
  );
  return [...new Map(advisories.map((each) => [`${each.name} ${each.url}`, each])).values()];
}

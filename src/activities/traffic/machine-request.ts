import { failure } from '../../contracts/failure.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { lastWords } from '../bounded-answer.ts';
import type { Tools } from '../operation.ts';
import { endpointOf } from '../ssh/endpoint.ts';
import { shellWord } from '../ssh/shell.ts';
import type { Reply, Requester } from './answer.ts';

const longestBody = 65_536;
const mark = 'braid-probe';

/** Requests from a machine, by its own curl, over SSH. Fails when the machine is not reached. */
export function machineRequester(
  machine: { readonly id: string; readonly runtimeProperties: JsonObject },
  url: string,
  timeoutSeconds: number,
  tools: Tools,
): Requester {
  const endpoint = endpointOf(machine.runtimeProperties['ssh'], machine.id);
  const command = curlCommand(timeoutSeconds);
  const stdin = curlConfig(url);
  return {
    from: machine.id,
    request: async (signal) => {
      const connection = await tools.ssh.connect(endpoint, signal);
      const { status, stdout, stderr } = await connection.run(command, signal, {
        stdin,
        purpose: 'send a request',
        outputLimit: 2 * longestBody,
      });
      if (isNoAnswer(status)) throw cannotAsk(machine.id, status, stderr);
      return curlReply(status, stdout, stderr);
    },
  };
}

function curlCommand(timeoutSeconds: number): string {
  const format = String.raw`\n${mark} %{http_code} %{time_total}\n`;
  const options = [
    // First, since a file of the machine's would be read before.
    '--disable --config -',
    '--silent --show-error --globoff --no-keepalive',
    "--noproxy '*' --proto '=http,https'",
    `--max-time ${timeoutSeconds} --max-filesize ${longestBody}`,
    `--write-out ${shellWord(format)}`,
  ];
  return `curl ${options.join(' ')}`;
}

/** By standard input: whoever is on the machine reads its command lines, and a URL may hold a password. */
export function curlConfig(url: string): string {
  return `url = "${url.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll(/[\n\r]/g, '')}"\n`;
}

/** A curl that is missing, was killed or misused has asked nothing: that is no refusal. */
function isNoAnswer(status: number): boolean {
  return (status >= 1 && status <= 4) || status > 125;
}

function cannotAsk(machine: string, status: number, stderr: string): Error {
  return failure(
    'ScriptFailed',
    `curl on ${machine} could not ask (status ${status}): ${lastWords(stderr)}`,
    {
      details: { machine, status },
    },
  );
}

/** What curl's exit status and output tell. */
export function curlReply(status: number, stdout: string, stderr: string): Reply {
  const [, body = '', code = '0', seconds = '0'] =
    new RegExp(String.raw`^([^]*)\n${mark} (\d+) ([\d.,]+)\n?$`).exec(stdout) ?? [];
  const milliseconds = Math.round(Number(seconds.replace(',', '.')) * 1000);
  if (status === 0) return { ok: true, status: Number(code), body, milliseconds };
  const reason = lastWords(stderr).split('\n').at(-1) ?? '';
  return { ok: false, reason: reason || `curl ended with status ${status}`, milliseconds };
}

import subprocess

from cloudify import ctx
from cloudify.exceptions import NonRecoverableError


def docker_answers():
    return subprocess.call(['sudo', 'docker', 'ps'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


if not docker_answers():
    ctx.logger.info('docker is not there: installing it on {0}'.format(ctx.instance.host_ip))
    path = ctx.download_resource('scripts/install_docker.sh')
    subprocess.check_call(['chmod', '+x', path])
    process = subprocess.Popen(['sudo', path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, error = process.communicate()
    if process.returncode != 0:
        raise NonRecoverableError('docker cannot be installed: {0}'.format(error.decode()))
    if not docker_answers():
        raise NonRecoverableError('docker was installed, but does not answer')
ctx.instance.runtime_properties['docker'] = {'installed_by': ctx.operation.name, 'node': ctx.node.name}

"""Runs a script under an idempotency key, as a transient unit of systemd, and waits for its end.

Comes over SSH with every request, as root. `execute` is what the unit itself runs.
Kept on disk: the key, the unit's name, the status, and the output until it was told. Only in memory (/run): what
may be secret.
"""
import binascii
import fcntl
import json
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

# Not in /var/lib/braid, which is root's alone: a script's user must find the way to it.
RUNS = "/var/lib/braid-runs"
PRIVATE = "/run/braid-runs"
TAIL = 16384
GRACE = 5.0
PYTHONS = ("#!/usr/bin/env python", "#!/usr/bin/python", "#!/usr/bin/env python2", "#!/usr/bin/python2")


def main(job):
    place = Place(job["run"])
    if job["action"] == "run":
        answer = run(place, job)
    elif job["action"] == "stop":
        answer = stop(place, job["key"])
    else:
        answer = forget_secrets(place, job["key"])
    json.dump(answer, sys.stdout)
    sys.stdout.flush()
    if answer.get("state") == "ended":
        touch(place.delivered)
        # A script may have printed the secrets that it was given.
        remove(place.output)
        if answer["status"] != 0:
            remove(place.private)


class Place:
    """Where the files of one operation of one instance are."""

    def __init__(self, name):
        self.name = name
        self.folder = os.path.join(RUNS, name)
        self.private = os.path.join(PRIVATE, name)
        self.key = os.path.join(self.folder, "key")
        self.unit = os.path.join(self.folder, "unit")
        self.alive = os.path.join(self.folder, "alive")
        self.output = os.path.join(self.folder, "output")
        self.status = os.path.join(self.folder, "status.json")
        self.delivered = os.path.join(self.folder, "delivered")
        self.program = os.path.join(self.folder, "run.py")
        self.files = os.path.join(self.folder, "files")
        self.job = os.path.join(self.private, "job.json")
        self.context = os.path.join(self.private, "context.json")
        self.changes = os.path.join(self.private, "changes")
        self.secrets = os.path.join(self.private, "secrets")


# What a request asks for


def run(place, job):
    with locked(place):
        if job["again"] or not goes_on(place, job["key"]):
            stop_unit(place)
            prepare(place, job)
            start(place)
    wait_for_end(place)
    if read(place.key) != job["key"]:
        return {"state": "superseded"}
    status = read_json(place.status)
    if status is None:
        return {"state": "interrupted", "output": tail(place.output), "secrets": kept_secrets(place)}
    return {
        "state": "ended",
        "status": status["status"],
        "changes": status["changes"],
        "output": tail(place.output),
        "secrets": kept_secrets(place),
    }


def stop(place, key):
    with locked(place):
        if read(place.key) == key:
            stop_unit(place)
            remove(place.folder)
            remove(place.private)
    return {"state": "stopped"}


def forget_secrets(place, key):
    with locked(place):
        if read(place.key) == key:
            veil_secrets(place)
            remove(place.private)
    return {"state": "forgotten"}


def veil_secrets(place):
    """What the script told by `ctx` stays on disk, but not with the secrets that it made."""
    told = read(place.status) or ""
    for value in kept_secrets(place).values():
        if len(value.strip()) >= 6:
            told = told.replace(json.dumps(value.strip())[1:-1], "[secret]")
    write(place.status, told.encode(), 0o600)


# Deciding, starting, waiting, stopping


def goes_on(place, key):
    """It runs, or its result is to be taken. A failure that was told once is what a retry wants to mend."""
    if read(place.key) != key:
        return False
    status = read_json(place.status)
    if status is None:
        return is_alive(place)
    return status["status"] == 0 or status["final"] or not os.path.exists(place.delivered)


def prepare(place, job):
    remove(place.folder)
    remove(place.private)
    user = pwd.getpwnam(job["user"])
    os.makedirs(place.folder, 0o755)
    os.makedirs(PRIVATE, 0o755, exist_ok=True)
    os.mkdir(place.private, 0o755)
    os.mkdir(place.secrets, 0o700)
    os.mkdir(place.files, 0o755)
    for file in job["files"]:
        write(os.path.join(place.files, file["path"]), binascii.a2b_base64(file["content"]), file["mode"], user)
    write(place.context, json.dumps(job["context"]).encode(), 0o600, user)
    write(place.changes, b"", 0o600, user)
    os.chown(place.secrets, user.pw_uid, user.pw_gid)
    write(place.job, json.dumps(job["process"]).encode(), 0o600)
    write(place.output, b"", 0o600)
    write(place.program, job["program"].encode(), 0o600)
    write(place.unit, ("braid-run-%s-%s.service" % (place.name, os.urandom(4).hex())).encode(), 0o600)
    write(place.key, job["key"].encode(), 0o600)


def start(place):
    """Comes back when the unit holds its lock: from then on its end cannot be missed."""
    done = subprocess.run(
        [
            "systemd-run", "--quiet", "--collect", "--unit=" + read(place.unit), "--service-type=notify",
            "--property=NotifyAccess=main",
            # What a script leaves running in the background goes on, as it would in a shell.
            "--property=KillMode=process", "--property=TimeoutStopSec=10",
            "--description=Braid runs a script",
            sys.executable, "-I", "-S", place.program, place.name,
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
    )
    if done.returncode != 0 and read_json(place.status) is None:
        raise SystemExit("systemd-run: " + done.stdout.decode("utf-8", "replace"))


def wait_for_end(place):
    """The unit holds the lock while it lives; the kernel lets it go whichever way it ends."""
    try:
        with open(place.alive) as alive:
            fcntl.flock(alive, fcntl.LOCK_SH)
    except FileNotFoundError:
        pass


def stop_unit(place):
    """Whoever waits for it shall find that it is not theirs any more, instead of how it was ended."""
    remove(place.key)
    unit = read(place.unit)
    if unit is None or os.path.exists(place.status):
        return
    systemctl("kill", "--kill-who=all", "--signal=TERM", unit)
    until = time.monotonic() + GRACE
    while is_alive(place) and time.monotonic() < until:
        time.sleep(0.02)
    systemctl("kill", "--kill-who=all", "--signal=KILL", unit)
    systemctl("stop", unit)


def is_alive(place):
    try:
        with open(place.alive) as alive:
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def systemctl(*arguments):
    subprocess.run(["systemctl", "--quiet", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# In the unit


def execute(name):
    place = Place(name)
    alive = open(place.alive, "w")
    fcntl.flock(alive, fcntl.LOCK_EX)
    script = Script()
    signal.signal(signal.SIGTERM, script.stop)
    signal.signal(signal.SIGALRM, script.kill)
    notify_ready()
    process = read_json(place.job)
    os.remove(place.job)
    status = script.run(place, process)
    if script.stopped:
        # By a cancel, or the machine goes down: that is no result, and a retry starts anew.
        sys.exit(128 + signal.SIGTERM)
    changes = read_changes(place)
    final = status in process["final"] or any("abort" in change for change in changes)
    for gone in (place.files, place.context, place.changes):
        remove(gone)
    if not os.listdir(place.secrets):
        remove(place.private)
    write(place.status, json.dumps({"status": status, "final": final, "changes": changes}).encode(), 0o600)


class Script:
    """The script's process and those of its session."""

    def __init__(self):
        self.child = None
        self.stopped = False

    def run(self, place, process):
        command, first_line, environment, user = prepare_process(place, process)
        with open(place.output, "ab", buffering=0) as output:
            try:
                self.child = subprocess.Popen(
                    command, cwd=process["folder"] or user.pw_dir, env=environment, stdin=subprocess.DEVNULL,
                    stdout=output, stderr=output, start_new_session=True, preexec_fn=lambda: become(user),
                )
            except (OSError, subprocess.SubprocessError) as error:
                output.write(("%s (its first line: %s)\n" % (error, first_line)).encode())
                return 127
            if self.stopped:
                self.stop()
            status = self.child.wait()
        return status if status >= 0 else 128 - status

    def stop(self, *_):
        self.stopped = True
        self.send(signal.SIGTERM)
        signal.alarm(int(GRACE) - 1)

    def kill(self, *_):
        self.send(signal.SIGKILL)

    def send(self, number):
        try:
            if self.child is not None:
                os.killpg(self.child.pid, number)
        except ProcessLookupError:
            pass


def prepare_process(place, process):
    user = pwd.getpwnam(process["user"])
    script = os.path.join(place.files, process["script"])
    environment = {
        "HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name, "SHELL": user.pw_shell or "/bin/sh",
        "LANG": "C.UTF-8", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    environment.update(process["environment"])
    environment["PATH"] = os.path.join(place.files, "bin") + ":" + environment["PATH"]
    environment["BRAID_CONTEXT"] = place.private
    environment["BRAID_RESOURCES"] = os.path.join(place.files, "resources")
    with open(script, "rb") as file:
        first_line = file.readline(200).decode("utf-8", "replace").strip()
    modules = os.path.join(place.files, "python")
    if os.path.isdir(modules):
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [modules, environment.get("PYTHONPATH")]))
    prefix = shlex.split(process["prefix"])
    command = prefix + ([] if prefix else interpreter(script, first_line)) + [script] + process["arguments"]
    return command, first_line, environment, user


def interpreter(script, first_line):
    """Whatever Python a script of Cloudify's asks for, this is the one that is there."""
    named = first_line.startswith("#!")
    if script.endswith(".py") and (not named or first_line in PYTHONS):
        return [sys.executable]
    return [] if named else ["/bin/sh"]


def become(user):
    os.umask(0o022)
    if os.getuid() == user.pw_uid:
        return
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def notify_ready():
    address = os.environ["NOTIFY_SOCKET"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect("\0" + address[1:] if address.startswith("@") else address)
        notify.send(b"READY=1")


def read_changes(place):
    changes = []
    for line in (read(place.changes) or "").splitlines():
        try:
            change = json.loads(line)
        except ValueError:
            continue
        if isinstance(change, dict):
            changes.append(change)
    return changes


# Files


def locked(place):
    """One at a time decides about a step. Let go when closed, as `with` does."""
    os.makedirs(RUNS, 0o755, exist_ok=True)
    lock = open(os.path.join(RUNS, place.name + ".lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def kept_secrets(place):
    try:
        names = os.listdir(place.secrets)
    except FileNotFoundError:
        return {}
    return {name: read_plain(os.path.join(place.secrets, name)) for name in names}


def read_plain(path):
    """The folder is the script's user's: a link of theirs must not show them what is root's."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def write(path, content, mode, user=None):
    folder = os.path.dirname(path)
    os.makedirs(folder, 0o755, exist_ok=True)
    aside = path + ".aside"
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)
        os.fchmod(file, mode)
        if user is not None:
            os.fchown(file, user.pw_uid, user.pw_gid)
    os.replace(aside, path)


def touch(path):
    with open(path, "w"):
        pass


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None


def read_json(path):
    text = read(path)
    return None if text is None else json.loads(text)


def tail(path):
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return "(What it printed was told to an earlier attempt.)"


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.remove(path)


if __name__ == "__main__":
    execute(sys.argv[1])

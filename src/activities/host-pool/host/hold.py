"""Looks at a host of a pool, takes it, and gives it back as it was.

Comes over SSH with every request, as root. The claim is a file of the host itself, so that whoever asks, from
whichever worker, finds the same; it is decided about under a lock.
"""
import contextlib
import fcntl
import glob
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

HOME = "/var/lib/braid-host"
GONE = HOME + ".gone"
CLAIM = HOME + "/claim.json"
BEFORE = HOME + "/before"
SCRIPT = HOME + "/cleanup"
# What scripts leave behind; see the scripts' own program.
RUNS = ["/var/lib/braid-runs", "/run/braid-runs", "/run/braid"]
# Gone with the next boot, and with the claim.
LOCK_FOLDER = "/run/braid-host"
LOCK = LOCK_FOLDER + "/lock"
TAIL = 16384


def main(job):
    actions = {"look": look, "take": take, "release": release}
    json.dump(actions[job["action"]](job), sys.stdout)


# What a request asks for


def look(job):
    return {"state": "seen", "claim": read_claim(), "addresses": addresses()}


def take(job):
    with locked(2) as mine:
        if not mine:
            return {"state": "busy"}
        claim = read_claim()
        owner = {key: job["owner"][key] for key in ("installation", "deployment", "instance")}
        if claim is None:
            claim = {"since": now()}
        elif not is_same(claim, job["owner"]):
            return {"state": "held", "claim": claim}
        if dict(claim, **owner) != claim:
            write(CLAIM, json.dumps(dict(claim, **owner)).encode())
        remember(job["preserve"])
        return {"state": "taken", "claim": read_claim(), "addresses": addresses()}


def release(job):
    with locked(600) as mine:
        if not mine:
            return {"state": "busy"}
        claim = read_claim()
        if claim is None or not is_same(claim, job["owner"]):
            return {"state": "released", "claim": claim, "output": ""}
        status, output = clean(job["cleanup"], job["environment"])
        if status != 0:
            return {"state": "unclean", "status": status, "output": output}
        stop_scripts()
        drop_routes()
        for folder in RUNS:
            unmount(folder)
            remove(folder)
        restore()
        # At once: half of it would be taken for what the host was like before.
        remove(GONE)
        os.rename(HOME, GONE)
        remove(GONE)
        remove(LOCK_FOLDER)
        return {"state": "released", "claim": None, "output": output}


# The claim


def read_claim():
    try:
        with open(CLAIM, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def is_same(claim, owner):
    """An installation may be called in a claim as it was before."""
    if claim.get("installation") not in (owner["installation"], owner["formerly"]):
        return False
    return all(claim.get(key) == owner[key] for key in ("deployment", "instance"))


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@contextlib.contextmanager
def locked(seconds):
    """Whether it has the lock, which nobody but root can open, and so hold. It goes with the claim."""
    until = time.monotonic() + seconds
    lock = None
    while lock is None and time.monotonic() < until:
        lock = try_lock()
        if lock is None:
            time.sleep(0.05)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def try_lock():
    """One that was removed meanwhile holds nobody off."""
    os.makedirs(LOCK_FOLDER, 0o700, exist_ok=True)
    lock = None
    try:
        lock = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_ino == os.stat(LOCK).st_ino:
            return lock
    except (FileNotFoundError, BlockingIOError):
        pass
    if lock is not None:
        os.close(lock)
    return None


# What the host was like


def remember(preserve):
    """Once, before anything is changed."""
    if os.path.isdir(BEFORE):
        return
    aside = BEFORE + ".new"
    remove(aside)
    os.mkdir(aside, 0o700)
    with tarfile.open(aside + "/files.tar", "w") as archive:
        for path in preserve["files"]:
            if os.path.lexists(path):
                archive.add(path)
    services = {name: {"enabled": enablement(name), "active": is_active(name)} for name in preserve["services"]}
    write(aside + "/state.json", json.dumps({"files": preserve["files"], "services": services}).encode())
    os.rename(aside, BEFORE)


def restore():
    try:
        with open(BEFORE + "/state.json", encoding="utf-8") as file:
            before = json.load(file)
    except FileNotFoundError:
        return
    services = before["services"]
    for name, was in services.items():
        if was["enabled"] not in ("enabled", "static", "alias", "indirect", "generated"):
            systemctl("disable", name)
        if not was["active"]:
            systemctl("stop", name)
    for path in before["files"]:
        remove(path)
    with tarfile.open(BEFORE + "/files.tar") as archive:
        archive.extractall("/")
    systemctl("daemon-reload")
    for name, was in services.items():
        if was["enabled"] == "enabled":
            systemctl("enable", name)
        if was["active"]:
            systemctl("restart", name)
        systemctl("reset-failed", name)


def enablement(name):
    done = subprocess.run(["systemctl", "is-enabled", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode().strip()


def is_active(name):
    return subprocess.run(["systemctl", "is-active", "--quiet", name]).returncode == 0


def systemctl(*arguments):
    subprocess.run(["systemctl", "--quiet", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def addresses():
    done = subprocess.run(["ip", "-json", "address", "show"], stdout=subprocess.PIPE, check=True)
    return [
        {
            "device": link["ifname"], "mac": link.get("address", ""), "address": each["local"],
            "prefix": each["prefixlen"],
        }
        for link in json.loads(done.stdout)
        for each in link.get("addr_info", [])
        if not ipaddress.ip_address(each["local"]).is_loopback and each.get("scope") == "global"
    ]


# What the deployment left


def clean(script, environment):
    if script is None:
        return 0, ""
    try:
        return run_cleanup(script, environment)
    finally:
        remove(SCRIPT)


def run_cleanup(script, environment):
    write(SCRIPT, script.encode(), 0o700)
    with tempfile.TemporaryFile() as output:
        try:
            status = subprocess.run(
                [SCRIPT] if script.startswith("#!") else ["/bin/sh", SCRIPT],
                cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=dict(environment, HOME="/root", LANG="C.UTF-8",
                         PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ).returncode
        except OSError as error:
            return 127, str(error)
        output.seek(max(0, output.tell() - TAIL))
        return status, output.read().decode("utf-8", "replace")


def stop_scripts():
    """Those that run, and what they left in the background: it has their environment."""
    systemctl("stop", "braid-run-*")
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as file:
                if any(word.startswith(b"BRAID_CONTEXT=") for word in file.read().split(b"\0")):
                    os.kill(int(path.split("/")[2]), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):
            pass


def unmount(folder):
    while os.path.ismount(folder) and subprocess.run(["umount", "--lazy", folder]).returncode == 0:
        pass


def drop_routes():
    units = glob.glob("/etc/systemd/system/braid-route-*.service")
    for unit in units:
        systemctl("disable", "--now", os.path.basename(unit))
        os.remove(unit)
    if units:
        systemctl("daemon-reload")


# Files


def write(path, content, mode=0o600):
    """Whole or not at all, also when the power goes."""
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    aside = path + ".aside"
    with open(aside, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.remove(path)

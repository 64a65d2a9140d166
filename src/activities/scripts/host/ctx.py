#!/usr/bin/python3 -IS
"""`ctx`: what a script knows of its node instance, and how it tells what it found out.

It reads a context that was put beside the script, and writes down changes that are applied when the script
has ended. There is no way back to the one who started the script.
"""
import contextlib
import fcntl
import json
import os
import re
import shutil
import sys
import tempfile

FOLDER = os.environ.get("BRAID_CONTEXT", "")
RESOURCES = os.environ.get("BRAID_RESOURCES", "")
TENANT = "default_tenant"


def main(arguments):
    as_json, words = options(arguments)
    tell(command(read_context(), words), as_json)


def read_context():
    if not FOLDER:
        fail("this is not a script that Braid runs (BRAID_CONTEXT is not set)")
    with open(os.path.join(FOLDER, "context.json"), encoding="utf-8") as file:
        return json.load(file)


def options(arguments):
    as_json = False
    words = list(arguments)
    while words and words[0] in ("-j", "--json-output", "-t", "--timeout"):
        flag = words.pop(0)
        if flag in ("-t", "--timeout"):
            words = words[1:]
        else:
            as_json = True
    return as_json, words


def command(context, words):
    if not words:
        fail("say what: ctx instance runtime-properties KEY [VALUE]")
    name, rest = plain(words[0]), words[1:]
    if name in ("source", "target"):
        return of_instance(context, name, rest)
    if name in ("instance", "node", "host_ip"):
        return of_instance(context, "self", words)
    commands = {
        "logger": log, "returns": returns, "abort_operation": abort, "retry_operation": retry,
        "operation": operation, "get_resource": get_resource,
        "download_resource": download, "download_resource_and_render": download_and_render,
        "deployment": lambda _, more: fact(context["deployment"], more),
        "blueprint": lambda _, more: fact(context["blueprint"], more),
        "execution": lambda _, more: fact(context["execution"], more),
        "execution_id": lambda _, more: context["execution"],
        "tenant_name": lambda _, more: TENANT,
    }
    if name not in commands:
        fail("there is no `ctx %s`" % words[0])
    return commands[name](context, rest)


def of_instance(context, scope, words):
    view = context["views"].get(scope)
    if view is None:
        there = ", ".join("ctx " + name for name in sorted(context["views"]) if name != "self") or "ctx instance"
        fail("this operation has no %s; it has %s" % (scope, there))
    what, rest = (plain(words[0]), words[1:]) if words else ("", [])
    if what == "host_ip":
        return view["host_ip"]
    if what == "node":
        return of_node(view, rest)
    if what != "instance" or not rest:
        fail("say what of it: instance id, instance runtime-properties KEY, node properties KEY")
    what, rest = plain(rest[0]), rest[1:]
    if what == "id":
        return view["id"]
    if what == "host_ip":
        return view["host_ip"]
    if what in ("runtime_properties", "runtime_property"):
        return runtime_properties(view, scope, rest)
    if what == "secret":
        return secret(scope, rest)
    if what in ("update", "refresh"):
        return None
    fail("an instance has no %s" % what)


def of_node(view, words):
    what, rest = (plain(words[0]), words[1:]) if words else ("", [])
    if what in ("id", "name"):
        return view["node"]
    if what == "type":
        return view["type"]
    if what == "properties":
        return look_up(view["properties"], rest[0], "property") if rest else view["properties"]
    fail("a node has no %s" % (what or "such thing; say properties KEY, name or type"))


def runtime_properties(view, scope, words):
    if len(words) > 1:
        return set_part(view, scope, steps(words[0]), given(words[1]))
    current = with_changes(view["runtime_properties"], scope)
    return look_up(current, words[0], "runtime property") if words else current


def set_part(view, scope, path, value):
    # Read and written in one, so that no other part that is set meanwhile is lost.
    with changes() as file:
        current = applied(file, view["runtime_properties"], scope)
        append(file, setting(scope, path[0], changed(current, path, value)))


def set_runtime_property(scope, key, value):
    note(setting(scope, key, value))


def setting(scope, key, value):
    if key == "ssh":
        fail("the runtime property ssh is how the machine is reached; it may not be changed")
    return {"set": value, "key": key, "scope": scope}


def secret(scope, words):
    if len(words) != 1 or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", words[0]):
        fail("a secret's key is letters, digits, _, . and -; its value comes by standard input")
    value = sys.stdin.read()
    if value.count("\n") == 1:
        value = value.rstrip("\n")
    path = os.path.join(FOLDER, "secrets", scope + ":" + words[0])
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(value)
    note({"secret": True, "key": words[0], "scope": scope})


def log(_, words):
    level, text = (plain(words[0]), " ".join(words[1:])) if words else ("info", "")
    print("%s: %s" % (level, text))
    note({"log": text, "level": level})


def returns(_, words):
    note({"returns": given(words[0]) if words else None})


def abort(_, words):
    note({"abort": " ".join(words) or "aborted by the script"})
    fail(" ".join(words) or "aborted")


def retry(_, words):
    """The message, or JSON with it; how long to wait first is not the script's to say here."""
    message = given(words[0]) if words else ""
    if isinstance(message, dict):
        message = message.get("message", "")
    note({"retry": message or "the script asks to be run again"})
    fail(message or "to be run again")


def operation(context, words):
    what = plain(words[0]) if words else ""
    if what == "retry":
        return retry(context, words[1:])
    if what == "name":
        return context["operation"]
    if what == "retry_number":
        return context["retry_number"]
    fail("an operation has a name and a retry_number, or is told to retry")


def fact(value, words):
    if words and plain(words[0]) in ("id", "name"):
        return value
    fail("say id")


def download(_, words):
    source = resource(words)
    if len(words) > 1:
        target = words[1]
        if os.path.isdir(target):
            target = os.path.join(target, os.path.basename(source))
    else:
        target = os.path.join(tempfile.mkdtemp(prefix="ctx-"), os.path.basename(source))
    shutil.copyfile(source, target)
    return target


def download_and_render(context, words, more=None):
    """`{{ ctx.node.properties.port }}`, or a variable of `template_variables`; nothing is evaluated."""
    if more is None and words and words[-1].startswith("@"):
        more, words = given(words[-1]).get("template_variables", {}), words[:-1]
    target = download(context, words)
    with open(target, encoding="utf-8") as file:
        text = file.read()
    if "{%" in text:
        fail("%s has «{%%», and only {{ variable }} is understood" % words[0])
    variables = dict(more or {}, ctx=everything(context))
    rendered = re.sub(r"\{\{\s*(.*?)\s*\}\}", lambda found: as_text(variable(variables, found.group(1))), text)
    with open(target, "w", encoding="utf-8") as file:
        file.write(rendered)
    return target


def variable(variables, expression):
    if not re.fullmatch(r"[\w-]+(\.[\w-]+|\[\d+\]|\['[^']*'\]|\[\"[^\"]*\"\])*", expression):
        fail("{{ %s }} is not understood; only variables with a path are" % expression)
    return look_up(variables, re.sub(r"\[['\"]([^'\"]*)['\"]\]", r".\1", expression), "variable")


def everything(context):
    """What `ctx` tells, as one value."""
    ends = {
        scope: {
            "node": {"id": view["node"], "name": view["node"], "type": view["type"], "properties": view["properties"]},
            "instance": {
                "id": view["id"], "host_ip": view["host_ip"],
                "runtime_properties": with_changes(view["runtime_properties"], scope),
            },
        }
        for scope, view in context["views"].items()
    }
    return dict(
        ends.pop("self", {}), **ends, deployment={"id": context["deployment"]},
        blueprint={"id": context["blueprint"]}, operation={"name": context["operation"]},
    )


def get_resource(_, words):
    with open(resource(words), encoding="utf-8", errors="replace") as file:
        return file.read()


def resource(words):
    if not words:
        fail("say which file of the blueprint")
    path = os.path.normpath(os.path.join(RESOURCES, words[0]))
    if not path.startswith(RESOURCES + os.sep) or not os.path.isfile(path):
        fail("the blueprint has no file %s" % words[0])
    return path


# Changes


@contextlib.contextmanager
def changes():
    """The file of changes, which no other process reads or writes meanwhile."""
    with open(os.path.join(FOLDER, "changes"), "a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def append(file, change):
    file.write(json.dumps(change) + "\n")


def applied(file, properties, scope):
    current = dict(properties)
    file.seek(0)
    for line in file.read().splitlines():
        change = json.loads(line)
        if "set" in change and change["scope"] == scope:
            current[change["key"]] = change["set"]
    return {key: value for key, value in current.items() if value is not None}


def note(change):
    with changes() as file:
        append(file, change)


def with_changes(properties, scope):
    with changes() as file:
        return applied(file, properties, scope)


# Paths: a.b[2].c


def steps(path):
    found = [int(index) if index else name for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path)]
    return found or [path]


def look_up(value, path, kind):
    if isinstance(value, dict) and path in value:
        return value[path]
    for step in steps(path):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            fail("there is no %s %s" % (kind, path))
    return value


def changed(properties, path, value):
    """The new value of the first step's property, with what lacks on the way made."""
    if len(path) == 1:
        return value
    inner = properties.get(path[0]) if isinstance(properties, dict) else None
    if isinstance(path[1], int) and isinstance(inner, list) and path[1] < len(inner):
        copy = list(inner)
        copy[path[1]] = changed({path[1]: inner[path[1]]}, path[1:], value)
        return copy
    copy = dict(inner) if isinstance(inner, dict) else {}
    copy[path[1]] = changed(copy, path[1:], value)
    return copy


# Words


def plain(word):
    return word.replace("-", "_")


def given(word):
    """A word that starts with @ is JSON."""
    if not word.startswith("@"):
        return word
    try:
        return json.loads(word[1:])
    except ValueError:
        fail("%s is not JSON" % word[1:])


def tell(value, as_json):
    if as_json:
        print(json.dumps(value))
    elif value is not None:
        print(as_text(value))


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


def fail(message):
    sys.stderr.write("ctx: %s\n" % message)
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

"""`from cloudify import ctx`: what Cloudify's Python scripts know of their node instance, over the `ctx` beside them.

Changes of runtime properties are told at `update`, and when the script ends.
"""
import atexit
import importlib.machinery
import importlib.util
import json
import os
import sys

from cloudify import exceptions


def load_program():
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "bin", "ctx")
    loader = importlib.machinery.SourceFileLoader("braid_ctx", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("braid_ctx", loader))
    loader.exec_module(module)
    return module


program = load_program()
told = program.read_context()


class Logger:
    def __getattr__(self, level):
        if level not in ("debug", "info", "warning", "warn", "error", "exception", "critical"):
            raise AttributeError(level)
        return lambda message, *values: program.log(told, [level, str(message) % values if values else str(message)])


class RuntimeProperties(dict):
    """Nested values may be changed in place: what differs from what was told is found when it is told again."""

    def __init__(self, scope):
        super().__init__(program.with_changes(told["views"][scope]["runtime_properties"], scope))
        self.scope = scope
        self.before = json.loads(json.dumps(self))

    def tell(self):
        now = json.loads(json.dumps(self))
        for key in sorted(set(now) | set(self.before)):
            if now.get(key) != self.before.get(key):
                program.set_runtime_property(self.scope, key, now.get(key))
        self.before = now


class Instance:
    def __init__(self, scope):
        view = told["views"][scope]
        self.id = view["id"]
        self.host_ip = view["host_ip"]
        self.runtime_properties = RuntimeProperties(scope)

    def update(self, *_, **__):
        self.runtime_properties.tell()

    def refresh(self, *_, **__):
        pass


class Node:
    def __init__(self, scope):
        view = told["views"][scope]
        self.id = self.name = view["node"]
        self.type = view["type"]
        self.type_hierarchy = view["type_hierarchy"]
        self.properties = view["properties"]


class End:
    def __init__(self, scope):
        self.node = Node(scope)
        self.instance = Instance(scope)


class Named:
    def __init__(self, name):
        self.id = self.name = name


class Operation:
    name = told["operation"]
    retry_number = told["retry_number"]

    def retry(self, message="", retry_after=None):
        program.note({"retry": message or "the script asks to be run again"})


class Ctx:
    logger = Logger()
    deployment = Named(told["deployment"])
    blueprint = Named(told["blueprint"])
    operation = Operation()
    execution_id = told["execution"]
    tenant_name = program.TENANT
    type = "node-instance" if "self" in told["views"] else "relationship-instance"

    def download_resource(self, resource_path, target_path=None):
        return program.download(told, [resource_path] + ([target_path] if target_path else []))

    def download_resource_and_render(self, resource_path, target_path=None, template_variables=None):
        words = [resource_path] + ([target_path] if target_path else [])
        return program.download_and_render(told, words, template_variables or {})

    def get_resource(self, resource_path):
        return program.get_resource(told, [resource_path]).encode()

    def returns(self, value):
        program.note({"returns": value})

    def abort_operation(self, message=""):
        raise exceptions.NonRecoverableError(message)

    def retry_operation(self, message="", retry_after=None):
        raise exceptions.OperationRetry(message, retry_after)


ctx = Ctx()
if "self" in told["views"]:
    ctx.node, ctx.instance = Node("self"), Instance("self")
else:
    ctx.source, ctx.target = End("source"), End("target")


@atexit.register
def tell_changes():
    for end in [ctx] if hasattr(ctx, "instance") else [ctx.source, ctx.target]:
        end.instance.runtime_properties.tell()


def tell_failure(kind, error, trace):
    if issubclass(kind, exceptions.NonRecoverableError):
        program.note({"abort": str(error) or kind.__name__})
    elif issubclass(kind, (exceptions.RecoverableError, exceptions.OperationRetry)):
        program.note({"retry": str(error) or kind.__name__})
    sys.__excepthook__(kind, error, trace)


sys.excepthook = tell_failure

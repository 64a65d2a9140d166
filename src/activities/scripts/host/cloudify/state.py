"""The operation's inputs, as they are in the blueprint."""
from cloudify import ctx, told

ctx_parameters = told["parameters"]
current_ctx = type("CurrentCtx", (), {"get_ctx": lambda self: ctx, "get_parameters": lambda self: ctx_parameters})()

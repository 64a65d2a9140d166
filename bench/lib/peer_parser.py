"""How long Cloudify's parser takes: peer_parser.py ROUNDS FILE, a JSON list of seconds."""

import json
import sys
import time

from dsl_parser import parser, tasks


def parse_and_plan(path):
    started = time.perf_counter()
    tasks.prepare_deployment_plan(parser.parse_from_path(path), inputs={})
    return time.perf_counter() - started


rounds, file = int(sys.argv[1]), sys.argv[2]
print(json.dumps([parse_and_plan(file) for _ in range(rounds)]))

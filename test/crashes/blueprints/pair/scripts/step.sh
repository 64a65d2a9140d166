#!/bin/sh
# What it would do is done by the test's own stand-in for a machine.

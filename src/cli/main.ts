#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of the time that a command needs to start is the compiling of what it imports.
enableCompileCache();
await import('./run-command.ts');

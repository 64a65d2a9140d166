#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of the time that a command needs to start is the compiling of what it imports. In JavaScript, so that
// the cache is there before Node needs its compiler of TypeScript, which is then not loaded at all.
enableCompileCache();
await import('./run-command.ts');

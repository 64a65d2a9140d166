#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Half of the time that a command needs to start is the compiling of what it imports. This file is JavaScript
// because Node loads its compiler of TypeScript for the first file already, and with the cache for no other.
enableCompileCache();
await import('./run-command.ts');

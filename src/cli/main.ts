#!/usr/bin/env node
// The links that npx has made in checkouts of before lead here, and are never made anew.
import './main.mjs';

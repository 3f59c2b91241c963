/// <reference lib="dom" />
/** page/ is the face of the sandbox: everything in it runs in the browser, and talks to the sandbox's own server only. */

import { h, render } from 'preact'
import { App } from './app.ts'

const root = document.getElementById('page')
if (root) render(h(App, {}), root)

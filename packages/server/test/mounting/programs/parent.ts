/** Stands for npm: starts a script through a shell that waits for it, and hands no signal on. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./ending.ts', import.meta.url))
const shell = process.argv[2] === 'shell'
const command = `"${process.execPath}" --conditions=@doorward/source "${script}"`
const env = { ...process.env, npm_command: 'run-script' }
if (shell) spawn('sh', ['-c', `${command}; true`], { stdio: 'inherit', env })
else spawn(process.execPath, ['--conditions=@doorward/source', script], { stdio: 'inherit', env })

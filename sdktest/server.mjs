// Starts the real program on fresh data, for tests.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const program = process.env.CLIENTBOOK
if (!program) throw new Error('CLIENTBOOK must name the program to test')

// Variables of whoever runs the tests must not reach the program.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CLIENTBOOK_')))

// start gives { base, key, stop }: the server's URL, an API key for it, and what ends it.
export async function start() {
  const dir = mkdtempSync(join(tmpdir(), 'clientbook-sdk-'))
  const data = join(dir, 'data'), addr = join(dir, 'addr')
  const key = execFileSync(program, ['key', 'create', '--data', data, '--book', 'sdk'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  const server = spawn(program, ['serve', '--data', data, '--addr', '127.0.0.1:0', '--addr-file', addr], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  server.stderr.setEncoding('utf8')
  server.stderr.on('data', chunk => { log += chunk })
  const ended = new Promise(resolve => server.on('close', (code, signal) => resolve(code ?? signal)))
  for (let i = 0; !existsSync(addr); i++) {
    if (server.exitCode !== null || i > 400) {
      server.kill('SIGKILL')
      throw new Error(`the server did not start: ${log}`)
    }
    await pause(25)
  }
  const stop = async () => {
    server.kill('SIGTERM')
    const status = await ended
    rmSync(dir, { recursive: true })
    if (status !== 0) throw new Error(`the server ended with ${status}: ${log}`)
  }
  let stopped
  return {
    base: `http://${readFileSync(addr, 'utf8')}`,
    key,
    log: () => log,
    stop: () => stopped ??= stop(),
  }
}

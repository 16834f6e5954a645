// The npm package xmlrpc: concurrent promises over an agent that keeps its connections; see measure.py.
'use strict'

const assert = require('assert')
const http = require('http')
const xmlrpc = require('xmlrpc')

const url = process.argv[2]
const [calls, connections] = process.argv.slice(3).map(Number)
const client = xmlrpc.createClient({ url, agent: new http.Agent({ keepAlive: true, maxSockets: connections }) })
const params = () => [12345678, 'abc123def456abc123def456abc12345', {
  email: 'example@example.com',
  event_tag: 'my_event',
  event_data: { name: 'content1', other_name: 'content2' }
}]

function call () {
  return new Promise((resolve, reject) => {
    client.methodCall('mailkit.journeys.trigger', params(), (error, answer) => error ? reject(error) : resolve(answer))
  })
}

async function work (share) {
  for (let left = share; left > 0; left--) {
    const answer = await call()
    assert(answer.message === 'Added into scenario events queue' && answer.status === 'OK' && answer.error_status === 0)
  }
}

async function main () {
  const shares = Array.from({ length: connections }, (_, at) => Math.floor(calls / connections) + (at < calls % connections))
  await Promise.all(shares.map(work))
  const began = process.hrtime.bigint()
  const before = process.cpuUsage()
  await Promise.all(shares.map(work))
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, calls }))
  process.exit(0)
}

main()

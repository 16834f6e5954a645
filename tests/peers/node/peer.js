// The npm package xmlrpc as a peer: `peer.js pipe` or `peer.js server`; see tests/peers/peer.py.
'use strict'

// A zone with summer time, in which some hours do not exist; the library knows dates only in local time.
process.env.TZ = 'Europe/Prague'

const path = require('path')
const { Readable } = require('stream')
const readline = require('readline')
const xmlrpc = require('xmlrpc')

// The codec is no part of what the package exports.
const lib = path.join(path.dirname(require.resolve('xmlrpc')))
const Deserializer = require(path.join(lib, 'deserializer'))
const Serializer = require(path.join(lib, 'serializer'))

const packed = (data) => Buffer.from(data).toString('hex') || '-'
const unpacked = (word) => word === '-' ? Buffer.alloc(0) : Buffer.from(word, 'hex')

// A date's local time, as the library's users see it.
function local (date) {
  const padded = (number, width) => String(number).padStart(width, '0')
  const day = padded(date.getFullYear(), 4) + padded(date.getMonth() + 1, 2) + padded(date.getDate(), 2)
  return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => padded(part, 2)).join(':')}`
}

// Values as words, as tests/peers/notation.py has them. A number without a fraction is an integer in JavaScript.
function words (value) {
  if (value === null || value === undefined) return 'n'
  if (typeof value === 'boolean') return `b ${Number(value)}`
  if (typeof value === 'number') return Number.isInteger(value) ? `i ${BigInt(value)}` : `d ${value}`
  if (typeof value === 'string') return `s ${packed(value)}`
  if (Buffer.isBuffer(value)) return `x ${packed(value)}`
  if (value instanceof Date) {
    return `t ${isNaN(value) ? 'Invalid' : local(value)}`
  }
  if (Array.isArray(value)) return ['a', value.length, ...value.map(words)].join(' ')
  const names = Object.keys(value)
  return ['m', names.length, ...names.flatMap((name) => [packed(name), words(value[name])])].join(' ')
}

function value (rest) {
  const kind = rest.shift()
  if (kind === 'n') return null
  const word = rest.shift()
  switch (kind) {
    case 'b': return word === '1'
    case 'i': case 'd': return Number(word)
    case 's': return unpacked(word).toString()
    case 'x': return unpacked(word)
    case 't': return new Date(word.replace(/^(....)(..)(..)T/, '$1-$2-$3T'))
    case 'a': return Array.from({ length: Number(word) }, () => value(rest))
    case 'm': {
      const struct = {}
      for (let left = Number(word); left > 0; left--) {
        const name = unpacked(rest.shift()).toString()
        struct[name] = value(rest)
      }
      return struct
    }
    default: throw new Error(`no such kind: ${kind}`)
  }
}

const operations = {
  decode ([document], done) {
    new Deserializer().deserializeMethodResponse(Readable.from([unpacked(document)]), (error, result) => {
      done(error, error ? null : `value ${words(result)}`)
    })
  },
  encode (rest, done) {
    done(null, `document ${packed(Serializer.serializeMethodResponse(value(rest)))}`)
  },
  call ([url, method, ...rest], done) {
    const agent = false // a connection for each call
    xmlrpc.createClient({ url, agent }).methodCall(method, value(rest), (error, result) => {
      done(error, error ? null : `value ${words(result)}`)
    })
  }
}

// One line after the other: a call has ended before the next is read.
async function pipe () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [operation, ...rest] = line.split(' ')
    const answer = await new Promise((resolve) => {
      const refuse = (error) => resolve(`refused ${packed(String(error))}`)
      const unforeseen = (error) => refuse(error)
      process.once('uncaughtException', unforeseen)
      const late = setTimeout(() => refuse(new Error('no answer')), 3000)
      const done = (error, text) => {
        clearTimeout(late)
        process.removeListener('uncaughtException', unforeseen)
        if (error && error.faultCode !== undefined) resolve(`fault ${error.faultCode} ${packed(error.faultString)}`)
        else if (error) refuse(error)
        else resolve(text)
      }
      try {
        operations[operation](rest, done)
      } catch (error) {
        done(error)
      }
    })
    process.stdout.write(`${answer}\n`)
  }
}

function server () {
  const listener = xmlrpc.createServer({ host: '127.0.0.1', port: 0 }, () => {
    process.stdout.write(`http://127.0.0.1:${listener.httpServer.address().port}/RPC2\n`)
  })
  listener.on('echo', (error, params, done) => done(error, params[0]))
  process.stdin.on('end', () => process.exit(0)).resume()
}

process.argv[2] === 'server' ? server() : pipe()

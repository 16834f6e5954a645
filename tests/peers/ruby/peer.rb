# Ruby's gem xmlrpc as a peer: `peer.rb pipe` or `peer.rb server`; see tests/peers/peer.py.

require 'timeout'
require 'uri'
require 'webrick'
require 'xmlrpc/client'
require 'xmlrpc/create'
require 'xmlrpc/parser'
require 'xmlrpc/server'

def packed(data) = data.empty? ? '-' : data.unpack1('H*')

def unpacked(word) = word == '-' ? ''.b : [word].pack('H*')

def text(word) = unpacked(word).force_encoding('UTF-8')

# Values as words, as tests/peers/notation.py has them. Binary data is a String without an encoding.
def words(value)
  case value
  when nil then 'n'
  when true then 'b 1'
  when false then 'b 0'
  when Integer then "i #{value}"
  when Float then "d #{value}"
  when String then "#{value.encoding == Encoding::BINARY ? 'x' : 's'} #{packed(value)}"
  when XMLRPC::DateTime then format('t %.4d%02d%02dT%02d:%02d:%02d', *value.to_a)
  when Array then ['a', value.size, *value.map { |item| words(item) }].join(' ')
  when Hash then ['m', value.size, *value.flat_map { |name, item| [packed(name), words(item)] }].join(' ')
  else raise "no notation for #{value.class}"
  end
end

def value(rest)
  kind = rest.shift
  return nil if kind == 'n'

  word = rest.shift
  case kind
  when 'i' then Integer(word, 10)
  when 'b' then word == '1'
  when 'd' then Float(word)
  when 's' then text(word)
  when 'x' then XMLRPC::Base64.new(unpacked(word))
  when 't' then XMLRPC::Convert.dateTime(word)
  when 'a' then Array.new(word.to_i) { value(rest) }
  when 'm' then Array.new(word.to_i) { [text(rest.shift), value(rest)] }.to_h
  end
end

PARSER = XMLRPC::Config::DEFAULT_PARSER.new

def decode(document)
  ok, result = PARSER.parseMethodResponse(unpacked(document).force_encoding('UTF-8'))
  ok ? "value #{words(result)}" : fault(result)
end

def encode(*rest)
  "document #{packed(XMLRPC::Create.new.methodResponse(true, value(rest)))}"
end

def call(url, method, *rest)
  uri = URI(url)
  client = XMLRPC::Client.new(uri.host, uri.path, uri.port, nil, nil, nil, nil, nil, 10)
  ok, result = client.call2(method, *value(rest))
  ok ? "value #{words(result)}" : fault(result)
end

def fault(exception) = "fault #{exception.faultCode} #{packed(exception.faultString)}"

def pipe
  $stdout.sync = true
  while (line = $stdin.gets)
    operation, *rest = line.split
    begin
      answer = Timeout.timeout(10) { send(operation, *rest) }
    rescue StandardError, SystemStackError => e
      answer = "refused #{packed(e.message.b)}"
    end
    puts answer
  end
end

# Binary data comes as a String, which would go back as a string; a program that knows better says so.
def echoed(value)
  case value
  when String then value.encoding == Encoding::BINARY ? XMLRPC::Base64.new(value) : value
  when Array then value.map { |item| echoed(item) }
  when Hash then value.transform_values { |item| echoed(item) }
  else value
  end
end

def server
  servlet = XMLRPC::WEBrickServlet.new
  servlet.add_handler('echo') { |value| echoed(value) }
  quiet = WEBrick::Log.new($stderr, WEBrick::Log::FATAL)
  http = WEBrick::HTTPServer.new(BindAddress: '127.0.0.1', Port: 0, Logger: quiet, AccessLog: [])
  http.mount('/RPC2', servlet)
  $stdout.sync = true
  puts "http://127.0.0.1:#{http.listeners[0].addr[1]}/RPC2"
  Thread.new do
    $stdin.read
    http.shutdown
  end
  http.start
end

{ 'pipe' => method(:pipe), 'server' => method(:server) }.fetch(ARGV[0]).call

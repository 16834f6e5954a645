# Decodes answers with Ruby's xmlrpc. Reads documents in base64, one per line, and prints the result of each on one line,
# in the notation of fixtures/README.md. The first line of output has the versions of the library and its XML parser.
# Ruby has one type for bytes and text.
require "json"
require "rexml/document"
require "xmlrpc/client"

$stdout.sync = true
gem = Gem.loaded_specs["xmlrpc"] || Gem::Specification.find_by_name("xmlrpc")
puts "xmlrpc #{gem.version}, REXML #{REXML::VERSION}"

def notation(value)
  case value
  when nil then {nil: nil}
  when true, false then {boolean: value}
  when Integer then {int: value.to_s}
  when Float then {double: value.nan? ? "nan" : value.to_s.sub("Infinity", "inf")}
  when String then {string: value.dup.force_encoding("UTF-8").encode("UTF-8", invalid: :replace)}
  when XMLRPC::DateTime
    {datetime_text: format("%04d%02d%02dT%02d:%02d:%02d", *value.to_a)}
  when Array then {array: value.map { |item| notation(item) }}
  when Hash then {struct: value.transform_values { |item| notation(item) }}
  else raise "an unexpected #{value.class}"
  end
end

parser = XMLRPC::XMLParser::REXMLStreamParser
XMLRPC::Config.send(:remove_const, :ENABLE_NIL_PARSER)
XMLRPC::Config::ENABLE_NIL_PARSER = true

while (line = $stdin.gets)
  begin
    good, value = parser.new.parseMethodResponse(line.unpack1("m"))
    ended = good ? {value: notation(value)} : {fault: [notation(value.faultCode), value.faultString.to_s]}
  rescue StandardError, SystemStackError => error
    ended = {refused: "#{error.class}: #{error.message[0, 200]}"}
  end
  puts JSON.generate(ended, max_nesting: 0, ascii_only: true)
end

# RPC::XML as a peer: `peer.pl pipe` or `peer.pl server`; see tests/peers/peer.py.
use strict;
use warnings;

use FindBin;
use RPC::XML;
use RPC::XML::Client;
use RPC::XML::ParserFactory;
use RPC::XML::Server;

use lib "$FindBin::Bin/..";
require 'words.pl';

$RPC::XML::ALLOW_NIL = 1;
$RPC::XML::ENCODING  = 'utf-8';

# Values of the library are objects that know their types.
sub spoken {
    my ($value) = @_;
    my $type = $value->type;
    return 'n' if $type eq 'nil';
    return 'i ' . $value->value if $type =~ /^(?:int|i4|i8)$/;
    return 'b ' . $value->value if $type eq 'boolean';
    return 'd ' . $value->value if $type eq 'double';
    return 's ' . packed_text($value->value) if $type eq 'string';
    return 'x ' . packed($value->value) if $type eq 'base64';
    return 't ' . (defined $value->value ? $value->value : 'undef') if $type eq 'dateTime.iso8601';
    return join ' ', 'a', scalar @$value, map { spoken($_) } @$value if $type eq 'array';
    return join ' ', 'm', scalar keys %$value, map { packed_text($_), spoken($value->{$_}) } keys %$value;
}

my %made = (
    n => sub { RPC::XML::nil->new },
    i => sub { my $wide = $_[0] > 2147483647 || $_[0] < -2147483648; ($wide ? 'RPC::XML::i8' : 'RPC::XML::int')->new($_[0]) },
    b => sub { RPC::XML::boolean->new($_[0]) },
    d => sub { RPC::XML::double->new($_[0]) },
    s => sub { RPC::XML::string->new($_[0]) },
    x => sub { RPC::XML::base64->new($_[0]) || die "$RPC::XML::ERROR\n" },
    t => sub { RPC::XML::datetime_iso8601->new($_[0]) || die "$RPC::XML::ERROR\n" },
    a => sub { RPC::XML::array->new(from => $_[0]) },
    m => sub { RPC::XML::struct->new($_[0]) },
);

sub made { return value($_[0], \%made) }

sub decode {
    my ($document) = @_;
    my $response = RPC::XML::ParserFactory->new->parse(unpacked($document));
    die "$response\n" unless ref $response;
    return 'value ' . spoken($response->value);
}

sub encode {
    my $text = RPC::XML::response->new(made(\@_))->as_string;
    utf8::encode($text) if utf8::is_utf8($text);
    return 'document ' . packed($text);
}

sub call {
    my ($url, $method, @words) = @_;
    my $params = made(\@words);
    my $answer = RPC::XML::Client->new($url, timeout => 10)->send_request($method, @$params);
    die "$answer\n" unless ref $answer;
    return 'fault ' . $answer->code . ' ' . packed_text($answer->string) if $answer->is_fault;
    return 'value ' . spoken($answer);
}

sub server {
    my $server = RPC::XML::Server->new(host => '127.0.0.1', port => 0, path => '/RPC2', no_default => 1, auto_methods => 0);
    die "$server\n" unless ref $server;
    # A function is given Perl's own values, and the types of its result are guessed.
    $server->add_function({ name => 'echo', code => sub { $_[0] } });
    say_url('http://127.0.0.1:' . $server->port . '/RPC2');
    $server->server_loop(signal => ['TERM']);
}

run(pipe => { decode => \&decode, encode => \&encode, call => \&call }, server => \&server);

# Frontier::RPC2 as a peer: `peer.pl pipe` or `peer.pl server`; see tests/peers/peer.py.
use strict;
use warnings;

use FindBin;
use Frontier::Client;
use Frontier::Daemon;
use Frontier::RPC2;
use MIME::Base64 ();

use lib "$FindBin::Bin/..";
require 'words.pl';

my $codec = Frontier::RPC2->new(encoding => 'utf-8', use_objects => 1);

# With use_objects, numbers and strings are objects that know their types. Doubles never are.
sub spoken {
    my ($value) = @_;
    my $type = ref $value;
    return 'n' unless defined $value;
    return "d $value" unless $type;
    return join ' ', 'a', scalar @$value, map { spoken($_) } @$value if $type eq 'ARRAY';
    return join ' ', 'm', scalar keys %$value, map { packed_text($_), spoken($value->{$_}) } keys %$value
        if $type eq 'HASH';
    return 'i ' . $value->value if $type eq 'Frontier::RPC2::Integer';
    return 'b ' . $value->value if $type eq 'Frontier::RPC2::Boolean';
    return 's ' . packed_text($value->value) if $type eq 'Frontier::RPC2::String';
    return 'x ' . packed(MIME::Base64::decode($value->value)) if $type eq 'Frontier::RPC2::Base64';
    return 't ' . $value->value;
}

# The library writes a document for HTTP::Message, which refuses characters beyond a byte; so text goes in as UTF-8,
# names of structs included. This is what careful programs do.
sub bytes {
    my ($value) = @_;
    my $type = ref $value;
    return [map { bytes($_) } @$value] if $type eq 'ARRAY';
    return { map { bytes($_) } %$value } if $type eq 'HASH';
    return $codec->string(bytes($value->value)) if $type eq 'Frontier::RPC2::String';
    utf8::encode($value) if !$type && utf8::is_utf8($value);
    return $value;
}

# Objects of the library's own types, base64 packed by the caller as its manual has it.
my %made = (
    n => sub { die "no nil\n" },
    i => sub { $codec->int($_[0]) },
    b => sub { $codec->boolean($_[0]) },
    d => sub { $codec->double($_[0]) },
    s => sub { $codec->string(bytes($_[0])) },
    x => sub { $codec->base64(MIME::Base64::encode($_[0])) },
    t => sub { $codec->date_time($_[0]) },
    a => sub { $_[0] },
    m => sub { bytes($_[0]) },
);

sub decode {
    my ($document) = @_;
    return 'value ' . spoken($codec->decode(unpacked($document))->{value}[0]);
}

sub encode {
    return 'document ' . packed_text($codec->encode_response(value(\@_, \%made)));
}

sub call {
    my ($url, $method, @words) = @_;
    my $params = value(\@words, \%made);
    my $client = Frontier::Client->new(url => $url, encoding => 'utf-8', use_objects => 1);
    my $result = eval { $client->call($method, @$params) };
    return "fault $1 " . packed_text($2) if $@ =~ /^Fault returned from XML RPC Server, fault code (\S+): (.*)\n/s;
    die $@ if $@;
    return 'value ' . spoken($result);
}

# Frontier::Daemon->new serves until the process ends; the moment to say where is when it first waits for a call.
package Announced {
    our @ISA = ('Frontier::Daemon');
    my $said = 0;

    sub accept {
        my ($self) = @_;
        main::say_url('http://127.0.0.1:' . $self->sockport . '/RPC2') unless $said++;
        return $self->SUPER::accept;
    }
}

sub server {
    Announced->new(
        methods => { echo => sub { bytes($_[0]) } },
        LocalAddr => '127.0.0.1', LocalPort => 0, use_objects => 1,
    ) or die "cannot listen\n";
    return;
}

run(pipe => { decode => \&decode, encode => \&encode, call => \&call }, server => \&server);

#!/usr/bin/perl
# Decodes answers with RPC::XML. Reads documents in base64, one per line, and prints the result of each on one line, in
# the notation of fixtures/README.md. The first line of output is the library's version.
use strict;
use warnings;
no warnings "recursion";
use JSON::PP;
use MIME::Base64;
use RPC::XML;
use RPC::XML::ParserFactory;

$| = 1;
$RPC::XML::ALLOW_NIL = 1;
my $json = JSON::PP->new->ascii->allow_nonref;
print "RPC::XML $RPC::XML::VERSION\n";

sub notation {
    my ($value) = @_;
    my $type = $value->type;
    return { array  => [ map { notation($_) } @{$value} ] } if $type eq 'array';
    return { struct => { map { $_ => notation($value->{$_}) } keys %{$value} } } if $type eq 'struct';
    return { nil    => undef } if $type eq 'nil';
    return { base64 => encode_base64($value->value, '') } if $type eq 'base64';
    return { boolean => $value->value ? JSON::PP::true : JSON::PP::false } if $type eq 'boolean';
    $type = 'int'           if $type =~ /^(i4|i8)$/;
    $type = 'datetime_text' if $type eq 'dateTime.iso8601';
    return { $type => '' . $value->value };
}

while (my $line = <STDIN>) {
    my $ended = eval {
        my $answer = RPC::XML::ParserFactory->new->parse(decode_base64($line));
        die "$answer\n" if !ref $answer;
        die "no response\n" if !$answer->isa('RPC::XML::response');
        my $value = $answer->value;
        $answer->is_fault
            ? { fault => [ notation($value->{faultCode}), $value->string ] }
            : { value => notation($value) };
    };
    print $json->encode($ended || { refused => "$@" }), "\n";
}

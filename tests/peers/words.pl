# What the two Perl peers share: the words of tests/peers/notation.py, and the loop that answers lines.
use strict;
use warnings;

use IO::Handle;

sub packed { my ($data) = @_; return length $data ? unpack 'H*', $data : '-' }

sub unpacked { my ($word) = @_; return $word eq '-' ? '' : pack 'H*', $word }

# Perl's own way with text: characters where the string knows that it has some, else bytes that are UTF-8 already.
sub packed_text { my ($text) = @_; utf8::encode($text) if utf8::is_utf8($text); return packed($text) }

sub unpacked_text { my $text = unpacked($_[0]); utf8::decode($text); return $text }

# The value of words; what makes a value of each kind is given.
sub value {
    my ($words, $made) = @_;
    my $kind = shift @$words;
    return $made->{n}->() if $kind eq 'n';
    my $word = shift @$words;
    return $made->{s}->(unpacked_text($word)) if $kind eq 's';
    return $made->{x}->(unpacked($word))      if $kind eq 'x';
    return $made->{a}->([map { value($words, $made) } 1 .. $word]) if $kind eq 'a';
    return $made->{m}->({ map { (unpacked_text(shift @$words), value($words, $made)) } 1 .. $word }) if $kind eq 'm';
    return $made->{$kind}->($word);
}

sub say_url {
    my ($url) = @_;
    STDOUT->autoflush(1);
    print "$url\n";
    alarm 600;    # whatever happens, it does not run for longer
    return;
}

sub run {
    my (%roles) = @_;
    return $roles{server}->() if $ARGV[0] eq 'server';
    STDOUT->autoflush(1);
    while (my $line = <STDIN>) {
        my ($operation, @words) = split ' ', $line;
        my $answer = eval {
            local $SIG{ALRM} = sub { die "no answer\n" };
            alarm 10;
            my $said = $roles{pipe}{$operation}->(@words);
            alarm 0;
            $said;
        };
        alarm 0;
        $answer = 'refused ' . packed_text("$@") unless defined $answer;
        print "$answer\n";
    }
    return;
}

1;

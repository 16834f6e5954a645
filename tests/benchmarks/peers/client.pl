# RPC::XML::Client or Frontier::Client, a process for each connection; see measure.py.
# Arguments: the library, then those of the other scripts.
use strict;
use warnings;

use IO::Handle;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID);

my ($library, $url, $calls, $connections) = @ARGV;
my $method = 'mailkit.journeys.trigger';

# Both are told to keep their connection: by themselves they open one for each call.
my %connect = (
    'RPC::XML' => sub {
        require RPC::XML::Client;
        my $client = RPC::XML::Client->new($url, useragent => [keep_alive => 1]);
        return sub {
            my $answer = $client->send_request($method, @_);
            ref $answer or die "$answer\n";
            return $answer->value;
        };
    },
    'Frontier' => sub {
        require Frontier::Client;
        my $client = Frontier::Client->new(url => $url, encoding => 'utf-8');
        $client->{ua}->conn_cache({ total_capacity => 1 });
        return sub { $client->call($method, @_) };
    },
);

sub work {
    my ($call, $share) = @_;
    for (1 .. $share) {
        my $answer = $call->(
            12345678, 'abc123def456abc123def456abc12345',
            {
                email      => 'example@example.com',
                event_tag  => 'my_event',
                event_data => { name => 'content1', other_name => 'content2' },
            },
        );
        $answer->{message} eq 'Added into scenario events queue' && $answer->{status} eq 'OK'
            && $answer->{error_status} == 0 or die "not the answer\n";
    }
    return $share;
}

# A child says "ready" when it is warm, starts when the parent closes its end, and says what it used and made.
pipe my $ready_in, my $ready_out or die;
pipe my $start_in, my $start_out or die;
pipe my $ended_in, my $ended_out or die;
$_->autoflush(1) for $ready_out, $ended_out;
for my $number (0 .. $connections - 1) {
    next if fork;
    close $start_out;
    my $share = int($calls / $connections) + ($number < $calls % $connections ? 1 : 0);
    my $call = $connect{$library}->();
    work($call, $share);
    print {$ready_out} "ready\n";
    close $ready_out;
    readline $start_in;
    my $began = clock_gettime(CLOCK_PROCESS_CPUTIME_ID);
    my $made = work($call, $share);
    print {$ended_out} clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $began, " $made\n";
    exit 0;
}
close $_ for $ready_out, $ended_out, $start_in;
my @ready = <$ready_in>;
my $began = clock_gettime(CLOCK_MONOTONIC);
close $start_out;
my ($cpu, $made) = (0, 0);
for (1 .. $connections) {
    my ($used, $share) = split ' ', readline($ended_in) // die "a process failed\n";
    $cpu  += $used;
    $made += $share;
}
my $seconds = clock_gettime(CLOCK_MONOTONIC) - $began;
1 while wait > 0;
printf qq({"seconds": %.9f, "cpu": %.9f, "calls": %d}\n), $seconds, $cpu, $made;

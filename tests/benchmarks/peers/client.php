<?php
// The extensions xmlrpc and curl: one handle, or several in a curl_multi; or a process for each connection, as
// PHP's own servers have it. See measure.py.

[, $url] = $argv;
[$calls, $connections] = array_map('intval', array_slice($argv, 2, 2));
$processes = ($argv[4] ?? '') === 'processes';
$shares = array_map(
    fn ($number) => intdiv($calls, $connections) + ($number < $calls % $connections ? 1 : 0),
    range(0, $connections - 1)
);

function handle($url) {
    $handle = curl_init($url);
    curl_setopt_array($handle, [CURLOPT_HTTPHEADER => ['Content-Type: text/xml'], CURLOPT_RETURNTRANSFER => true]);
    return $handle;
}

// Encodes one call and gives it to a handle.
function prepare($handle) {
    curl_setopt($handle, CURLOPT_POSTFIELDS, xmlrpc_encode_request('mailkit.journeys.trigger', [
        12345678,
        'abc123def456abc123def456abc12345',
        [
            'email' => 'example@example.com',
            'event_tag' => 'my_event',
            'event_data' => ['name' => 'content1', 'other_name' => 'content2'],
        ],
    ], ['encoding' => 'utf-8', 'escaping' => 'markup', 'verbosity' => 'no_white_space']));
}

function check($document) {
    $answer = xmlrpc_decode($document, 'utf-8');
    if ($answer !== ['message' => 'Added into scenario events queue', 'status' => 'OK', 'error_status' => 0]) {
        throw new Exception('not the answer');
    }
}

function work($handle, $share) {
    for ($left = $share; $left > 0; $left--) {
        prepare($handle);
        check(curl_exec($handle));
    }
    return $share;
}

function work_at_once($multi, $handles, $calls) {
    $waiting = $calls;
    $made = 0;
    foreach ($handles as $handle) {
        if ($waiting-- > 0) {
            prepare($handle);
            curl_multi_add_handle($multi, $handle);
        }
    }
    while ($made < $calls) {
        curl_multi_exec($multi, $running);
        $ended = 0;
        while ($message = curl_multi_info_read($multi)) {
            $handle = $message['handle'];
            check(curl_multi_getcontent($handle));
            curl_multi_remove_handle($multi, $handle);
            $ended++;
            if ($waiting-- > 0) {
                prepare($handle);
                curl_multi_add_handle($multi, $handle);
            }
        }
        $made += $ended;
        if (!$ended) {
            curl_multi_select($multi);
        }
    }
    return $made;
}

function cpu() {
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']
        + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
}

function report($seconds, $cpu, $calls) {
    echo json_encode(['seconds' => $seconds, 'cpu' => $cpu, 'calls' => $calls]), "\n";
}

// A child says "ready" when it is warm, starts when it is told to, and says what it used and made.
function in_processes($url, $shares) {
    $children = [];
    foreach ($shares as $share) {
        [$mine, $its] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        if (pcntl_fork() === 0) {
            $handle = handle($url);
            work($handle, $share);
            fwrite($its, "ready\n");
            fgets($its);
            $began = cpu();
            $made = work($handle, $share);
            fwrite($its, (cpu() - $began) . " $made\n");
            exit(0);
        }
        fclose($its);
        $children[] = $mine;
    }
    array_map('fgets', $children);
    $began = microtime(true);
    array_map(fn ($child) => fwrite($child, "start\n"), $children);
    $ended = array_map(fn ($child) => explode(' ', fgets($child)), $children);
    report(microtime(true) - $began, array_sum(array_column($ended, 0)), (int) array_sum(array_column($ended, 1)));
}

if ($processes) {
    in_processes($url, $shares);
    exit;
}
if ($connections > 1) {
    $multi = curl_multi_init();
    $handles = array_map(fn () => handle($url), $shares);
    $work = fn () => work_at_once($multi, $handles, $calls);
} else {
    $handle = handle($url);
    $work = fn () => work($handle, $calls);
}
$work();
$began = microtime(true);
$before = cpu();
$made = $work();
report(microtime(true) - $began, cpu() - $before, $made);

<?php
// PHP's extension xmlrpc as a peer: `peer.php pipe` or `peer.php server`; see tests/peers/peer.py.
//
// It is used as PHP programs use it that care for their text: output in UTF-8, escaping markup alone.

error_reporting(E_ALL & ~E_DEPRECATED);
ini_set('display_errors', 'stderr');
// So that PHP's own printing of doubles, which is not the extension's, does not lose digits.
ini_set('precision', '17');

const OPTIONS = ['encoding' => 'UTF-8', 'escaping' => 'markup'];

function packed(string $data): string {
    return $data === '' ? '-' : bin2hex($data);
}

function unpacked(string $word): string {
    return $word === '-' ? '' : hex2bin($word);
}

// Values as words, as tests/peers/notation.py has them.
function words($value): string {
    switch (true) {
        case $value === null:
            return 'n';
        case is_bool($value):
            return 'b ' . (int) $value;
        case is_int($value):
            return "i $value";
        case is_float($value):
            return 'd ' . sprintf('%.17g', $value);
        case is_string($value):
            return 's ' . packed($value);
        case is_object($value) && $value->xmlrpc_type === 'base64':
            return 'x ' . packed($value->scalar);
        case is_object($value):
            return "t $value->scalar";
        case array_is_list($value):
            return implode(' ', ['a', count($value), ...array_map('words', $value)]);
    }
    $struct = ['m', count($value)];
    foreach ($value as $name => $item) {
        array_push($struct, packed((string) $name), words($item));
    }
    return implode(' ', $struct);
}

function typed(string $text, string $type) {
    xmlrpc_set_type($text, $type);
    return $text;
}

function value(array &$words) {
    $kind = array_shift($words);
    if ($kind === 'n') {
        return null;
    }
    $word = array_shift($words);
    switch ($kind) {
        case 'i':
            return (int) $word;
        case 'b':
            return $word === '1';
        case 'd':
            return (float) $word;
        case 's':
            return unpacked($word);
        case 'x':
            return typed(unpacked($word), 'base64');
        case 't':
            return typed($word, 'datetime');
    }
    $array = [];
    for ($left = (int) $word; $left > 0; $left--) {
        if ($kind === 'a') {
            $array[] = value($words);
        } else {
            $name = unpacked(array_shift($words));
            $array[$name] = value($words);
        }
    }
    return $array;
}

function post(string $url, string $document): string {
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: text/xml',
        'content' => $document,
        'timeout' => 10,
    ]]);
    $answer = file_get_contents($url, false, $context);
    if ($answer === false) {
        throw new RuntimeException('no answer');
    }
    return $answer;
}

function decoded(string $document) {
    // The extension says null for a document that it cannot read, and for nil.
    return xmlrpc_decode($document, 'UTF-8');
}

function answer(array $words): string {
    switch (array_shift($words)) {
        case 'decode':
            return 'value ' . words(decoded(unpacked($words[0])));
        case 'encode':
            return 'document ' . packed(xmlrpc_encode_request(null, value($words), OPTIONS));
        default:
            [$url, $method] = array_splice($words, 0, 2);
            $result = decoded(post($url, xmlrpc_encode_request($method, value($words), OPTIONS)));
            if (is_array($result) && xmlrpc_is_fault($result)) {
                return "fault {$result['faultCode']} " . packed($result['faultString']);
            }
            return 'value ' . words($result);
    }
}

function pipe(): void {
    while (($line = fgets(STDIN)) !== false) {
        try {
            $answer = answer(explode(' ', trim($line)));
        } catch (Throwable $error) {
            $answer = 'refused ' . packed($error->getMessage());
        }
        echo "$answer\n";
    }
}

// One request of a connection; the extension has a server for documents, and none for HTTP.
function serve($connection, $methods): void {
    stream_set_timeout($connection, 10);
    $length = 0;
    while (($line = fgets($connection)) !== false && trim($line) !== '') {
        if (preg_match('/^content-length:\s*(\d+)/i', $line, $match)) {
            $length = (int) $match[1];
        }
    }
    $document = (string) stream_get_contents($connection, $length);
    $answer = xmlrpc_server_call_method($methods, $document, null, OPTIONS + ['version' => 'xmlrpc']);
    fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=UTF-8\r\nConnection: close\r\n"
        . 'Content-Length: ' . strlen($answer) . "\r\n\r\n$answer");
    fclose($connection);
}

function server(): void {
    $methods = xmlrpc_server_create();
    xmlrpc_server_register_method($methods, 'echo', fn($name, $params) => $params[0]);
    $listener = stream_socket_server('tcp://127.0.0.1:0');
    echo 'http://' . stream_socket_get_name($listener, false) . "/RPC2\n";
    while (true) {
        $ready = [$listener, STDIN];
        $none = null;
        stream_select($ready, $none, $none, 600);
        if (!in_array($listener, $ready, true)) {
            return; // standard input was closed, or nobody has called for ten minutes
        }
        serve(stream_socket_accept($listener), $methods);
    }
}

$argv[1] === 'server' ? server() : pipe();

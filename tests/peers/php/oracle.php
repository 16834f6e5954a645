<?php
// Answers questions about PHP's own xmlrpc functions over a pipe, one frame each way, until the pipe closes.
// A frame is four bytes of length, big-endian, and that many bytes of PHP's serialize() format.
// A question is [function, argument, ...]; an answer is ["value", result] or ["thrown", class, message].

error_reporting(0);

function read_exactly($stream, int $length): string {
    $data = '';
    while (strlen($data) < $length) {
        $piece = fread($stream, $length - strlen($data));
        if ($piece === false || $piece === '') {
            exit(0);
        }
        $data .= $piece;
    }
    return $data;
}

function answer(array $question) {
    [$name, $arguments] = [array_shift($question), $question];
    switch ($name) {
        case 'encode_request':
            return xmlrpc_encode_request(...$arguments);
        case 'encode':
            return xmlrpc_encode($arguments[0]);
        case 'encode_negative_nan':
            return xmlrpc_encode(unpack('E', hex2bin('fff8000000000000'))[1]);
        case 'encode_typed':
            [$text, $type, $options] = $arguments;
            $set = xmlrpc_set_type($text, $type);
            return [$set, xmlrpc_get_type($text), xmlrpc_encode_request('m', [$text], $options)];
        case 'decode':
            return xmlrpc_decode(...$arguments);
        case 'decode_request':
            $method = null;
            $value = xmlrpc_decode_request($arguments[0], $method, ...array_slice($arguments, 1));
            return [$method, $value];
        case 'get_type':
            return xmlrpc_get_type($arguments[0]);
        case 'set_type':
            $set = xmlrpc_set_type($arguments[0], $arguments[1]);
            return [$set, $arguments[0]];
        case 'is_fault':
            return xmlrpc_is_fault($arguments[0]);
        case 'versions':
            ob_start();
            (new ReflectionExtension('xmlrpc'))->info();
            return [PHP_VERSION, ob_get_clean()];
    }
    throw new Exception("no such question: $name");
}

while (true) {
    $length = unpack('N', read_exactly(STDIN, 4))[1];
    try {
        $reply = ['value', answer(unserialize(read_exactly(STDIN, $length)))];
    } catch (Throwable $error) {
        $reply = ['thrown', get_class($error), $error->getMessage()];
    }
    $frame = serialize($reply);
    fwrite(STDOUT, pack('N', strlen($frame)) . $frame);
    fflush(STDOUT);
}

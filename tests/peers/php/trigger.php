<?php
// Triggers a journey as PHP shops did it: ext-xmlrpc, a stream context, file_get_contents.
// Reads {"url", "client_id", "client_md5", "event", "options"} as JSON from standard input and prints what
// xmlrpc_decode made of the answer as JSON. In event_data, {"xmlrpc_type": ..., "scalar": ...} is a typed string.

function typed($value) {
    if (!is_array($value)) {
        return $value;
    }
    if (isset($value['xmlrpc_type'])) {
        $text = $value['scalar'];
        xmlrpc_set_type($text, $value['xmlrpc_type']);
        return $text;
    }
    return array_map('typed', $value);
}

$job = json_decode(stream_get_contents(STDIN), true);
$request = xmlrpc_encode_request(
    'mailkit.journeys.trigger',
    [$job['client_id'], $job['client_md5'], typed($job['event'])],
    $job['options']
);
$context = stream_context_create(['http' => [
    'method' => 'POST',
    'header' => 'Content-Type: text/xml',
    'content' => $request,
    'timeout' => 20,
]]);
$answer = xmlrpc_decode(file_get_contents($job['url'], false, $context), 'utf-8');
echo json_encode($answer, JSON_THROW_ON_ERROR);

<?php
// An XML-RPC server of ext-xmlrpc, for `php -S`.

$server = xmlrpc_server_create();

// What came in, sent back.
xmlrpc_server_register_method($server, 'echo', function ($method, $params) {
    return $params;
});

// The types that PHP sees.
xmlrpc_server_register_method($server, 'types', function ($method, $params) {
    return array_map('xmlrpc_get_type', $params);
});

xmlrpc_server_register_method($server, 'fail', function ($method, $params) {
    return ['faultCode' => 4, 'faultString' => 'Nepovedlo se to 😀'];
});

header('Content-Type: text/xml; charset=utf-8');
echo xmlrpc_server_call_method(
    $server,
    file_get_contents('php://input'),
    null,
    ['encoding' => 'UTF-8', 'escaping' => 'markup']
);

<?php
// PHP's own server has no rewrite rules (what is no file is WordPress's), and notes no request that a script answered.
$asked = $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['REQUEST_URI'];
register_shutdown_function(fn() => error_log('[' . http_response_code() . ']: ' . $asked));
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';

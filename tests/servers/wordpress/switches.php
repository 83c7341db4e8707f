<?php
// Loaded by the test's WordPress with every request: what a site's owner or a rush of visitors would do, by files named after it.
function earshot_switch($name) {
    return file_exists(WP_CONTENT_DIR . '/switches/' . $name);
}

// The handbook's way to close the REST API to those who are not signed in.
add_filter('rest_authentication_errors', function ($result) {
    if (!empty($result) || !earshot_switch('closed') || is_user_logged_in()) return $result;
    return new WP_Error('rest_not_logged_in', 'You are not currently logged in.', ['status' => 401]);
});

// What WordPress answers to those who write too quickly, here to those who read.
add_action('init', function () {
    if (PHP_SAPI !== 'cli' && earshot_switch('flooded')) wp_die('You are posting comments too quickly. Slow down.', 429);
}, 1);

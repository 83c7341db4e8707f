<?php
// What people do on the site, by WordPress's own functions: php act.php FOLDER, with a list of {"do", …} on standard input; answers with a
// list of what came of each.
[, $folder] = $argv;
$todo = json_decode(file_get_contents('php://stdin'), true);
if ($todo[0]['do'] === 'install') define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost';
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

function act($one) {
    switch ($one['do']) {
        case 'install':
            wp_install('Fernwave', 'editor', 'editor@fernwave.test', true, '', 'editor-password');
            update_option('permalink_structure', '/%year%/%postname%/');
            update_option('comment_moderation', 0);
            wp_delete_comment(1, true);
            return wp_delete_post(1, true)->ID;
        case 'post':
            return wp_insert_post(['post_title' => $one['title'], 'post_content' => $one['text'], 'post_status' => 'publish', 'post_author' => 1,
                                   'post_date_gmt' => $one['at'], 'post_date' => $one['at']], true);
        case 'comment':
            return wp_insert_comment(['comment_post_ID' => $one['post'], 'comment_content' => $one['text'], 'comment_author' => $one['author'],
                                      'comment_parent' => $one['parent'] ?? 0, 'comment_approved' => $one['approved'] ?? 1,
                                      'comment_date_gmt' => $one['at'], 'comment_date' => $one['at']]);
        case 'approve':
            return wp_set_comment_status($one['comment'], 'approve');
        case 'application_password':
            return WP_Application_Passwords::create_new_application_password(1, ['name' => 'earshot'])[0];
    }
}

echo json_encode(array_map('act', $todo));

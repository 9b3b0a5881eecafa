<?php // The login that the snippet's route relies on.
session_start();
$_SESSION['user_id'] = $_GET['as'];
http_response_code(204);

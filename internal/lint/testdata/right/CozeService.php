<?php
// Shape of a Laravel service with firebase/php-jwt and cURL.
namespace App\Services;

use Firebase\JWT\JWT;
use Illuminate\Support\Facades\Cache;

class CozeService
{
    private string $baseUrl = 'https://api.coze.cn';

    public function token(string $user): string
    {
        $now = time();
        $jwt = JWT::encode([
            'iss' => config('coze.app_id'), 'aud' => parse_url($this->baseUrl, PHP_URL_HOST), 'iat' => $now, 'exp' => $now + 3600,
            'jti' => bin2hex(random_bytes(16)), 'session_name' => $user,
        ], file_get_contents(config('coze.private_key_path')), 'RS256', config('coze.key_id'));
        $ch = curl_init($this->baseUrl . '/api/permission/oauth2/token');
        curl_setopt_array($ch, [
            CURLOPT_HTTPHEADER => ["Authorization: Bearer $jwt", 'Content-Type: application/json'],
            CURLOPT_POSTFIELDS => json_encode(['grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'duration_seconds' => 900]),
        ]);
        $data = json_decode(curl_exec($ch), true);
        Cache::put("coze.$user", $data['access_token'], $data['expires_in'] - time() - 60);
        return $data['access_token'];
    }
}

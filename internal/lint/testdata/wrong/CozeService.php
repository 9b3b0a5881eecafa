<?php
namespace App\Services;

class CozeService
{
    const TOKEN = '{{PAT}}'; // WANT pat

    public function token(string $jwt): array
    {
        $payload = ['iss' => '1', 'aud' => 'https://api.coze.cn', 'iat' => time()]; // WANT aud
        $ch = curl_init('https://api.coze.cn/api/permission/oauth2/token');
        curl_setopt($ch, CURLOPT_POSTFIELDS, http_build_query([
            'grant_type' => 'urn:ietf:params:oauth:grant-type:jwt-bearer',
            'assertion' => $jwt, // WANT form
            'scope' => json_encode(['account_permission' => ['permission_list' => ['Connector.botChat']]]), // WANT scope
        ]));
        $data = json_decode(curl_exec($ch), true);
        return [$data['access_token'], time() + $data['expires_in']]; // WANT expires_in
    }
}

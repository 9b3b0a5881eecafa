#!/bin/sh
# Shape of a script; not -d "assertion=$JWT".
curl -s "$COZE_API_BASE/api/permission/oauth2/token" -H "Authorization: Bearer $JWT" -H 'Content-Type: application/json' \
  -d '{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":900}'
echo "it's $# arguments"

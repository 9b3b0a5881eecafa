#!/bin/sh
curl -s https://api.coze.cn/api/permission/oauth2/token \
  -d grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer \
  -d "assertion=$JWT" # WANT form
export COZE_TOKEN={{PAT}} # WANT pat

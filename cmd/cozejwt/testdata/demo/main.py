# Gets a token with the official SDK from coze_oauth_config.json, as coze-py's
# examples do. Prints whose it is.
import json
import sys

from cozepy import load_oauth_app_from_config

with open(sys.argv[1]) as f:
    config = json.load(f)
if not load_oauth_app_from_config(config).get_access_token(900).access_token:
    sys.exit("no token")
print(config["client_id"])

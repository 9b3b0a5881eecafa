// Gets a token with the official SDK from coze_oauth_config.json, as coze-go
// examples/auth do. Prints whose it is.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/coze-dev/coze-go"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var config coze.OAuthConfig
	if err := json.NewDecoder(file).Decode(&config); err != nil {
		log.Fatal(err)
	}
	app, err := coze.LoadOAuthAppFromConfig(&config)
	if err != nil {
		log.Fatal(err)
	}
	token, err := app.(*coze.JWTOAuthClient).GetAccessToken(context.Background(), nil)
	if err != nil || token.AccessToken == "" {
		log.Fatal("no token: ", err)
	}
	fmt.Println(config.ClientID)
}

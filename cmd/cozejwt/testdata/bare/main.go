// A program that requests a token as one does without this project: what the least takes.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/joho/godotenv"
)

func main() {
	if err := godotenv.Load(); err != nil {
		log.Fatal(err)
	}
	file, err := os.Open(os.Getenv("COZE_PRIVATE_KEY_PATH"))
	if err != nil {
		log.Fatal(err)
	}
	text, err := io.ReadAll(io.LimitReader(file, 1<<20))
	if err != nil {
		log.Fatal(err)
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM(text)
	if err != nil {
		log.Fatal(err)
	}
	base, err := url.Parse(os.Getenv("COZE_API_BASE"))
	if err != nil {
		log.Fatal(err)
	}
	now := time.Now()
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": os.Getenv("COZE_CLIENT_ID"), "aud": base.Host, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "jti": fmt.Sprint(now.UnixNano()),
	})
	t.Header["kid"] = os.Getenv("COZE_PUBLIC_KEY")
	signed, err := t.SignedString(key)
	if err != nil {
		log.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, base.String()+"/api/permission/oauth2/token", strings.NewReader(`{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","duration_seconds":900}`))
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+signed)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		log.Fatal(resp.Status, err)
	}
	fmt.Println(answer.AccessToken)
}

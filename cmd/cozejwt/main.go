// Command cozejwt takes a developer from nothing to a live Coze access token
// with a JWT OAuth app, and looks after the key pair and the .env on the way.
package main

import (
	"os"

	_ "cozejwt/internal/quietterm" // before Bubble Tea; see there
)

func main() {
	os.Exit(run(os.Args[1:], system()))
}

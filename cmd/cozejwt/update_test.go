//go:build unix

package main

import "flag"

var update = flag.Bool("update", false, "write the golden files and the pictures of the README again")

package testfile

import (
	"archive/zip"
	"bytes"
)

// Zip is a zip of files: name, text, name, text, …
func Zip(files ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := z.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			panic(err) // a buffer takes what it is given
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

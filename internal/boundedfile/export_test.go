package boundedfile

import "os"

// Opened is what comes after the opening.
func Opened(f *os.File, most int64) ([]byte, error) { return opened(f, upTo(most)) }

package demofile_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/demofile"
	"cozejwt/internal/fault"
	"cozejwt/internal/testfile"
)

const config = `{"client_type": "jwt"}`

// encrypted sets the flag of a password in each header of a zip.
func encrypted(zip string) string {
	data := []byte(zip)
	for i := 0; i+9 < len(data); i++ {
		switch string(data[i : i+4]) {
		case "PK\x03\x04":
			data[i+6] |= 1
		case "PK\x01\x02":
			data[i+8] |= 1
		}
	}
	return string(data)
}

// wrongSum changes the checksum that the list of a zip has for its last file.
func wrongSum(zip string) string {
	data := []byte(zip)
	data[strings.LastIndex(zip, "PK\x01\x02")+16] ^= 1
	return string(data)
}

// compressedOtherwise sets the method of each header of a zip to one that is not known.
func compressedOtherwise(zip string) string {
	data := []byte(zip)
	for i := 0; i+11 < len(data); i++ {
		switch string(data[i : i+4]) {
		case "PK\x03\x04":
			data[i+8] = 99
		case "PK\x01\x02":
			data[i+10] = 99
		}
	}
	return string(data)
}

func TestTheConfigIsFoundInTheZip(t *testing.T) {
	whole := testfile.Zip("demo/README.md", "# Demo", "demo/coze_oauth_config.json", config)
	for name, test := range map[string]struct {
		data, want string
		err        *fault.Fault
	}{
		"in a folder":            {data: whole, want: config},
		"at the root":            {data: testfile.Zip("coze_oauth_config.json", config), want: config},
		"nearest to the root":    {data: testfile.Zip("demo/test/coze_oauth_config.json", "{}", "demo/coze_oauth_config.json", config), want: config},
		"beside Finder's copies": {data: testfile.Zip("__MACOSX/coze_oauth_config.json", "no", "demo/x/coze_oauth_config.json", config), want: config},
		"with backslashes":       {data: testfile.Zip(`demo\coze_oauth_config.json`, config), want: config},
		"none":                   {data: testfile.Zip("demo/config.json", config), err: demofile.ErrNoConfig},
		"a folder of that name":  {data: testfile.Zip("coze_oauth_config.json/", ""), err: demofile.ErrNoConfig},
		"no file at all":         {data: testfile.Zip(), err: demofile.ErrNoConfig},
		"two":                    {data: testfile.Zip("a/coze_oauth_config.json", config, "b/coze_oauth_config.json", config), err: demofile.ErrSeveral},
		"with a password":        {data: encrypted(whole), err: demofile.ErrEncrypted},
		"compressed otherwise":   {data: compressedOtherwise(whole), err: demofile.ErrBroken},
		"cut off":                {data: whole[:len(whole)-30], err: demofile.ErrBroken},
		"changed":                {data: wrongSum(whole), err: demofile.ErrBroken},
		"no zip":                 {data: "hello", err: demofile.ErrBroken},
	} {
		dir := testfile.NewFolder(t)
		dir.Write("demo.zip", test.data)
		text, err := demofile.Config(dir.Path("demo.zip"))
		switch {
		case test.err == nil && (err != nil || string(text) != test.want):
			t.Errorf("%s: %q, %v", name, text, err)
		case test.err != nil && (!errors.Is(err, test.err) || !strings.Contains(err.Error(), "demo.zip") || text != nil):
			t.Errorf("%s: error is %v, want %v", name, err, test.err)
		}
		if has := demofile.Has(dir.Path("demo.zip")); has != (test.err == nil) && test.err != demofile.ErrBroken {
			t.Errorf("%s: Has is %v", name, has)
		}
	}
}

func TestAConfigIsBounded(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("bomb.zip", testfile.Zip("coze_oauth_config.json", strings.Repeat(" ", boundedfile.Most+1)))
	if _, err := demofile.Config(dir.Path("bomb.zip")); err == nil || !strings.Contains(err.Error(), "bomb.zip") || !errors.As(err, new(boundedfile.TooLarge)) {
		t.Errorf("error is %v", err)
	}
	dir.Write("large.zip", strings.Repeat("\x00", 16<<20)+testfile.Zip("coze_oauth_config.json", config)) // zips may have something before them
	if _, err := demofile.Config(dir.Path("large.zip")); !errors.As(err, new(boundedfile.TooLarge)) || demofile.Has(dir.Path("large.zip")) {
		t.Errorf("error is %v", err)
	}
}

func TestAZipIsKnownByItsBytesOrItsName(t *testing.T) {
	dir := testfile.NewFolder(t)
	dir.Write("download", testfile.Zip("a", ""))
	dir.Write("broken.ZIP", "")
	dir.Write("key.pem", "-----BEGIN PRIVATE KEY-----")
	dir.Write("short", "PK")
	dir.Write("folder.d/x", "")
	for name, want := range map[string]bool{"download": true, "broken.ZIP": true, "key.pem": false, "short": false, "folder.d": false, "absent": false} {
		if got := demofile.Is(dir.Path(name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, name := range []string{"download", "key.pem", "folder.d", "absent"} {
		if demofile.Has(dir.Path(name)) {
			t.Errorf("%s has a config", name)
		}
	}
	if _, err := demofile.Config(dir.Path("absent.zip")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(testfile.Zip("demo/coze_oauth_config.json", config)))
	f.Add([]byte(testfile.Zip()))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := testfile.NewFolder(t)
		dir.Write("f.zip", string(data))
		text, err := demofile.Config(dir.Path("f.zip"))
		if (text == nil) != (err != nil) && len(text) > 0 {
			t.Errorf("%d bytes, %v", len(text), err)
		}
		if _, ours := errors.AsType[*fault.Fault](err); err != nil && !ours {
			t.Errorf("error is %v", err)
		}
	})
}

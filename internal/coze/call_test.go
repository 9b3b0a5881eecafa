package coze

import "testing"

func TestACallStaysAtItsBase(t *testing.T) {
	t.Parallel()
	s := Service{Base: "https://api.coze.cn"}
	for path, want := range map[string]string{
		"v1/users/me":                           "https://api.coze.cn/v1/users/me",
		"//evil.example/v1":                     "https://api.coze.cn/evil.example/v1",
		"https://api.coze.cn/v1/users/me":       "https://api.coze.cn/v1/users/me",
		"v1/files?from=https://files.example/a": "https://api.coze.cn/v1/files?from=https://files.example/a",
		"?from=https://files.example":           "https://api.coze.cn/?from=https://files.example",
		"https://evil.example/v1":               "",
		"https://api.coze.cn@evil.example/v1":   "",
		"http://api.coze.cn/v1":                 "",
	} {
		if got, err := s.URL(path); got != want || (err == nil) != (want != "") {
			t.Errorf("URL(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
}

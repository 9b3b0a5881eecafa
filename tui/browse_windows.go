package tui

import "golang.org/x/sys/windows"

// browse opens a page as a double click on a link does.
func browse(url string) error {
	page, err := windows.UTF16PtrFromString(url)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, nil, page, nil, nil, windows.SW_SHOWNORMAL)
}
